import { createHash } from "node:crypto";
import type { Results } from "../../analysis/results.ts";
import type { Verdict } from "../../analysis/verdict.ts";
import type { WarningRecord } from "../../history/annotations.ts";
import { formatEvent } from "../../history/writer.ts";
import { makePlan } from "../plan.ts";
import { judgeSimulated, type SimulatedRun, simulateRun } from "../simulate-run.ts";
import { failedAtMs, failureOf } from "./failure.ts";

/** How one run was judged. */
export interface Judged {
  readonly verdict: Verdict;
  readonly summary: string;
  /** Something inside of the store was not as it must be, whatever clients saw of it. */
  readonly brokenInside: boolean;
  /** What kind of failure it was, such as `I5` or `register`: two runs that fail in one way share it. Null unless invalid. */
  readonly failure: string | null;
  readonly seconds: number;
}

/** What became of a simulated run. */
export interface Trial extends Judged {
  /** Operations that came to an end, however that was. */
  readonly operations: number;
  /** When what failed was over, from the start of the load; null where that is not told. */
  readonly failedAtMs: number | null;
  readonly virtualMs: number;
  /** SHA-256 of the history: equal for equal runs, and for no others. */
  readonly digest: string;
}

/** Options as a plan takes them. */
export type TrialOptions = Readonly<Record<string, unknown>>;

/** A run in virtual time that leaves nothing behind. A run that did not come to its end as planned decides nothing. */
export async function tryInMemory(options: TrialOptions): Promise<Trial> {
  const beganMs = performance.now();
  const plan = makePlan(options, 0);
  const run = await simulateRun(plan);
  const results = judgeSimulated(plan, run);
  const { ok, fail, info } = results.operations;
  return {
    ...judged(results, run, (performance.now() - beganMs) / 1000),
    operations: ok + fail + info,
    failedAtMs: failedAtMs(results, run.events),
    virtualMs: run.virtualMs,
    digest: digestOf(run),
  };
}

export function trialOf(results: Results, seconds: number): Judged {
  const { verdict, summary, checkers } = results;
  const brokenInside = checkers["invariants"]?.verdict === "invalid";
  return { verdict, summary, brokenInside, failure: failureOf(results), seconds };
}

function judged(results: Results, { events }: SimulatedRun, seconds: number): Judged {
  const trial = trialOf(results, seconds);
  const broken = events.find(({ process, f }) => process === "controller" && f === "warning");
  if (broken === undefined || trial.verdict === "invalid") return trial;
  return { ...trial, verdict: "unknown", summary: (broken.value as WarningRecord).warning };
}

function digestOf({ events }: SimulatedRun): string {
  const hash = createHash("sha256");
  for (const event of events) hash.update(formatEvent(event));
  return hash.digest("hex");
}
