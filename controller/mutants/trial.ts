import type { Verdict } from "../../analysis/verdict.ts";
import { makePlan } from "../plan.ts";
import { judgeSimulated, simulateRun } from "../simulate-run.ts";

/** What became of one run. */
export interface Trial {
  readonly verdict: Verdict;
  readonly summary: string;
  readonly seconds: number;
}

/** Options as a plan takes them. */
export type TrialOptions = Readonly<Record<string, unknown>>;

/** A run in virtual time that leaves nothing behind. */
export async function tryInMemory(options: TrialOptions): Promise<Trial> {
  const beganMs = performance.now();
  const plan = makePlan(options, 0);
  const { verdict, summary } = judgeSimulated(plan, await simulateRun(plan));
  return { verdict, summary, seconds: (performance.now() - beganMs) / 1000 };
}
