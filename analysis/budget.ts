import type { CheckerBudget, CheckerResult } from "./checker.ts";
import { duration } from "./words.ts";

/** What one analysis may spend unless it is told otherwise: far more than a run of an hour takes. */
export const defaultBudget: CheckerBudget = { timeMs: 300_000, memoryMb: 4096 };

export type Exhausted = "time-budget" | "memory-budget";

/** The answer of a checker that was stopped: never valid, and with what to do about it. */
export function exhausted(code: Exhausted, budget: CheckerBudget, reached: string): CheckerResult {
  const spent = code === "time-budget" ? duration(budget.timeMs) : `${Number(budget.memoryMb.toFixed(1))} MB`;
  const remedy = "make the run shorter or slower, use more keys, or analyse it again on a larger machine";
  const summary = `not decided within ${spent}: ${reached}`;
  return { verdict: "unknown", summary, cause: { code, reached, remedy } };
}
