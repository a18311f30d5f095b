import type { Generator, Step } from "./generator.ts";

/** A step of one of several generators, with what they become if it is taken. */
export interface Candidate {
  readonly step: Step | null;
  readonly rest: (inner: Generator) => Generator;
}

/**
 * The soonest of several steps, the first among equals; null when all generators are done. One that wants to be asked
 * again before the soonest offer is due is asked first.
 */
export function soonest(candidates: Iterable<Candidate>): Step | null {
  let best: Step | null = null;
  for (const { step, rest } of candidates) {
    if (step === null || (best !== null && dueNs(step) >= dueNs(best))) continue;
    best = step.type === "offer" ? { ...step, rest: rest(step.rest) } : step;
  }
  return best;
}

function dueNs(step: Step): number {
  return step.type === "offer" ? step.atNs : step.untilNs;
}
