import { analyzeRun } from "../analysis/analyze-run.ts";
import type { Plan } from "../controller/plan.ts";
import { type RunControls, runTest } from "../controller/run.ts";
import { writeReport } from "../reports/write.ts";
import type { Outcome } from "./outcome.ts";

/** One test from plan to report: the run, then its history judged, then the page. */
export async function runAndReport(plan: Plan, controls: RunControls): Promise<Outcome> {
  const beganMs = performance.now();
  const { folder } = await runTest(plan, controls);
  controls.tell({ type: "stage", stage: "analyse" });
  const results = await analyzeRun(folder);
  const report = await writeReport(folder);
  return { results, folder, report, seed: plan.seed, seconds: (performance.now() - beganMs) / 1000 };
}
