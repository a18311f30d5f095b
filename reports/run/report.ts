import type { ReportKind } from "../kind.ts";
import { digestRun, type RunMaterial } from "./digest/run.ts";
import type { RunDigest } from "./digest/types.ts";

/** The report of one run: verdict, contradictions, faults, the run over time, and how to run it again. */
export const runReport: ReportKind<RunMaterial, RunDigest> = {
  name: "run",
  digest: digestRun,
  title: ({ verdict, test }) => `${verdict}: ${test?.name ?? "imported history"}`,
};
