import { fillPage } from "../page.ts";
import { digestRun, type RunMaterial } from "./digest/run.ts";

/** The report of one run: verdict, contradictions, faults, the run over time, and how to run it again. */
export const runReport = {
  name: "run",
  render: (material: RunMaterial): string => fillPage(digestRun(material)),
} as const;
