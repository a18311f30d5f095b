import { createHash } from "node:crypto";
import type { Results } from "../../../analysis/results.ts";
import type { Verdict } from "../../../analysis/verdict.ts";
import { messageOf } from "../../../errors/errors.ts";
import type { WarningRecord } from "../../../history/annotations.ts";
import { formatEvent } from "../../../history/writer.ts";
import { makePlan } from "../../plan/plan.ts";
import type { PlanOptions } from "../../plan/plan-options.ts";
import { judgeSimulated, type SimulatedRun, simulateRun } from "../../run/simulate-run.ts";
import { failedAtMs, failureOf } from "./failure.ts";

/** Hashing begins anew with each text that it is given, and a history is many short lines. */
const eventsAtOnce = 500;

/** How one run was judged. */
export interface Judged {
  readonly verdict: Verdict;
  readonly summary: string;
  /** Something inside of the store was not as it must be, whatever clients saw of it. */
  readonly brokenInside: boolean;
  /** What kind of failure it was, such as `I5` or `register`: two runs that fail in one way share it. Null unless invalid. */
  readonly failure: string | null;
  /** How long it took, in real time. */
  readonly seconds: number;
  /** How long it took by its own clock: virtual time in a simulation. */
  readonly virtualMs: number;
}

/** What became of a simulated run. */
export interface Trial extends Judged {
  /** Operations that came to an end, however that was. */
  readonly operations: number;
  /** When what failed was over, from the start of the load; null where that is not told. */
  readonly failedAtMs: number | null;
  /** SHA-256 of the history: equal for equal runs, and for no others. Empty for a run that broke off. */
  readonly digest: string;
}

/** Options of one run, as a plan takes them. */
export type TrialOptions = Readonly<PlanOptions>;

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
    digest: digestOf(run),
  };
}

export function trialOf(results: Results, seconds: number, virtualMs: number): Judged {
  const { verdict, summary, checkers } = results;
  const brokenInside = checkers["invariants"]?.verdict === "invalid";
  return { verdict, summary, brokenInside, failure: failureOf(results), seconds, virtualMs };
}

/** A run that could not be brought to its end decides nothing. */
export function brokenOff(cause: unknown): Trial {
  const summary = `the run broke off: ${messageOf(cause)}`;
  const nothing = { operations: 0, failedAtMs: null, virtualMs: 0, seconds: 0, digest: "" };
  return { verdict: "unknown", summary, brokenInside: false, failure: null, ...nothing };
}

function judged(results: Results, { events, virtualMs }: SimulatedRun, seconds: number): Judged {
  const trial = trialOf(results, seconds, virtualMs);
  const broken = events.find(({ process, f }) => process === "controller" && f === "warning");
  if (broken === undefined || trial.verdict === "invalid") return trial;
  return { ...trial, verdict: "unknown", summary: (broken.value as WarningRecord).warning };
}

function digestOf({ events }: SimulatedRun): string {
  const hash = createHash("sha256");
  for (let from = 0; from < events.length; from += eventsAtOnce) {
    hash.update(
      events
        .slice(from, from + eventsAtOnce)
        .map(formatEvent)
        .join(""),
    );
  }
  return hash.digest("hex");
}
