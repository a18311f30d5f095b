import "./cli/require-node.ts";
import type { Outcome } from "./cli/outcome.ts";
import type { PlanOptions } from "./controller/plan/plan-options.ts";
import type { ContinuedHistory } from "./controller/run/continue-history.ts";
import type { Tell } from "./controller/run/progress.ts";
import type { System } from "./sut/system.ts";

export type { CheckerResult } from "./analysis/checker.ts";
export type { Results } from "./analysis/results.ts";
export type { Verdict } from "./analysis/verdict.ts";
export type { Outcome } from "./cli/outcome.ts";
export type { PlanOptions } from "./controller/plan/plan-options.ts";
export type { ContinuedHistory } from "./controller/run/continue-history.ts";
export type { Progress } from "./controller/run/progress.ts";
export { UsageError } from "./errors/errors.ts";
export type { Completion, HistoryEvent, Operation } from "./history/event.ts";
export type { HostNode, ProcessSpec } from "./hosts/host.ts";
export type { Inspector } from "./sut/inspector.ts";
export type { Machine } from "./sut/machine.ts";
export type { Client, ClientOptions, System, SystemOptions } from "./sut/system.ts";
/** What loads are made of, for workloads of one's own. */
export * as generators from "./workloads/generators/index.ts";

/** What may be given besides the options that the command line has too. */
export interface TestControls {
  /** Abort it to end the run early: it heals, stops everything, and judges what there is. */
  readonly signal?: AbortSignal;
  /** Hears of the run while it goes on. */
  readonly tell?: Tell;
  /** Systems of your own; the option `system` chooses one by its name. */
  readonly systems?: readonly System[];
}

/**
 * Runs one test from plan to report, as `keelhaul test` does. Options have the names of the command line's, in camel
 * case, and the same defaults. Rejects with a UsageError if they cannot be carried out.
 *
 * What a run needs is loaded here and not above: imports that an older Node cannot link would fail before `require-node`
 * could say so.
 */
export async function runTest(options: PlanOptions, controls: TestControls = {}): Promise<Outcome> {
  const startedAt = new Date();
  const { planForProgram } = await import("./controller/plan/plan-for-program.ts");
  const { runAndReport } = await import("./cli/run-and-report.ts");
  const plan = planForProgram(options, startedAt.getTime() % 1_000_000, controls.systems);
  const { signal = new AbortController().signal, tell = () => {} } = controls;
  return runAndReport(plan, { signal, tell, watched: false, startedAt });
}

/**
 * Opens the history of a run whose controller was killed, to go on behind its last whole event: with the next index, on the same
 * time axis, and with everything that was under way ended in `info`. Rejects with a UsageError where the run is still under way
 * or has ended.
 */
export async function continueHistory(folder: string): Promise<ContinuedHistory> {
  const { continueHistory: continued } = await import("./controller/run/continue-history.ts");
  const { wallClock } = await import("./time/clock.ts");
  return continued(folder, wallClock());
}
