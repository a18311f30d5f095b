import type { Results } from "../../analysis/results.ts";
import type { Verdict } from "../../analysis/verdict.ts";
import { makePlan } from "../plan.ts";
import { judgeSimulated, simulateRun } from "../simulate-run.ts";

/** What became of one run. */
export interface Trial {
  readonly verdict: Verdict;
  readonly summary: string;
  /** Something inside of the store was not as it must be, whatever clients saw of it. */
  readonly brokenInside: boolean;
  readonly seconds: number;
}

/** Options as a plan takes them. */
export type TrialOptions = Readonly<Record<string, unknown>>;

/** A run in virtual time that leaves nothing behind. */
export async function tryInMemory(options: TrialOptions): Promise<Trial> {
  const beganMs = performance.now();
  const plan = makePlan(options, 0);
  const results = judgeSimulated(plan, await simulateRun(plan));
  return trialOf(results, (performance.now() - beganMs) / 1000);
}

export function trialOf({ verdict, summary, checkers }: Results, seconds: number): Trial {
  return { verdict, summary, brokenInside: checkers["invariants"]?.verdict === "invalid", seconds };
}
