import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/page.css";
import "../run/view/figures.css";
import "./styles/print.css";
import { render } from "preact";
import type { RunDigest } from "../run/digest/types.ts";
import { RunPage } from "../run/view/index.tsx";
import { prepareForPrint } from "./print.ts";

const digest = JSON.parse(document.getElementById("report-data")!.textContent) as RunDigest;
document.title = `${digest.verdict}: ${digest.test?.name ?? "imported history"} - Keelhaul`;
prepareForPrint();
render(<RunPage digest={digest} />, document.getElementById("report")!);
