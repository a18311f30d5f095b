import { join } from "node:path";
import { analyzeRun } from "../analysis/analyze-run.ts";
import type { Plan } from "../controller/plan/plan.ts";
import { type RunControls, type RunLeft, runTest } from "../controller/run/run.ts";
import { orWarning } from "../errors/or-warning.ts";
import { compressHistory } from "../history/compress.ts";
import { runFiles } from "../history/test-record.ts";
import { writeReport } from "../reports/run/write.ts";
import { boundHeapGrowth } from "./heap-growth.ts";
import type { Outcome } from "./outcome.ts";
import { type Reported, withReport } from "./write-report.ts";

/**
 * One test from plan to report: the run, then its history judged, then the page, then the history compressed. Once
 * `hurry` aborts, what is not judged stays unknown, and there is no page.
 */
export async function runAndReport(plan: Plan, controls: RunControls): Promise<Outcome> {
  const beganMs = performance.now();
  const left = await runBounded(plan, controls);
  controls.tell({ type: "stage", stage: "analyse" });
  return judgeAndReport(left, { seed: plan.seed, beganMs, ...controls });
}

interface Judging extends Pick<RunControls, "hurry"> {
  readonly seed: number;
  /** When the run began, by this process's own clock. */
  readonly beganMs: number;
}

/** The same for a run that is over. */
export async function judgeAndReport({ folder, lost, warnings }: RunLeft, judging: Judging): Promise<Outcome> {
  const { hurry, seed, beganMs } = judging;
  const analysis = await analyzeRun(folder, {
    ...(hurry === undefined ? {} : { signal: hurry }),
    ...(lost === null ? {} : { lost }),
  });
  const outcome = ({ results, report }: Reported, more: readonly string[]): Outcome => {
    const seconds = (performance.now() - beganMs) / 1000;
    return { results: { ...results, warnings: [...results.warnings, ...more] }, report, folder, seed, seconds };
  };
  if (hurry?.aborted) return outcome({ results: analysis.results, report: null }, warnings);
  const reported = withReport(analysis.results, () => writeReport(folder, analysis));
  const history = join(folder, runFiles.history);
  const uncompressed = await orWarning("the history was not compressed", () => compressHistory(history));
  return outcome(reported, [...warnings, ...uncompressed]);
}

/** A run in real time lasts long and allocates slowly; a simulated one is short and as fast as its garbage is collected. */
async function runBounded(plan: Plan, controls: RunControls): Promise<RunLeft> {
  if (plan.backend.kind === "simulated") return await runTest(plan, controls);
  using _bound = boundHeapGrowth();
  return await runTest(plan, controls);
}

/** The same for a run among many, which nobody watches while it goes on. */
export function runQuietly(plan: Plan, stop: Pick<RunControls, "signal" | "hurry">): Promise<Outcome> {
  return runAndReport(plan, { ...stop, tell: () => {}, watched: false, startedAt: new Date() });
}
