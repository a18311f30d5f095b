import { join } from "node:path";
import { analyzeRun } from "../analysis/analyze-run.ts";
import type { Plan } from "../controller/plan.ts";
import { type RunControls, runTest } from "../controller/run.ts";
import { compressHistory } from "../history/compress.ts";
import { runFiles } from "../history/test-record.ts";
import { writeReport } from "../reports/write.ts";
import type { Outcome } from "./outcome.ts";

/** One test from plan to report: the run, then its history judged, then the page, then the history compressed. */
export async function runAndReport(plan: Plan, controls: RunControls): Promise<Outcome> {
  const beganMs = performance.now();
  const { folder } = await runTest(plan, controls);
  controls.tell({ type: "stage", stage: "analyse" });
  const results = await analyzeRun(folder);
  const report = writeReport(folder, results);
  await compressHistory(join(folder, runFiles.history));
  return { results, folder, report, seed: plan.seed, seconds: (performance.now() - beganMs) / 1000 };
}
