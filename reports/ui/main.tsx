import "./styles/base.css";
import "./styles/page.css";
import { render } from "preact";
import type { PageData } from "../kind.ts";
import { prepareForPrint } from "./print.ts";
import { viewOf } from "./views.ts";
import "./styles/print.css";

const { kind, digest } = JSON.parse(document.getElementById("report-data")!.textContent) as PageData;
const View = viewOf(kind);
prepareForPrint();
render(<View digest={digest} />, document.getElementById("report")!);
