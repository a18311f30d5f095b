import type { InvariantsRecord, ViolationRecord } from "../../history/annotations.ts";
import type { Checker, CheckerResult, HistorySource } from "../checker.ts";
import { annotationsOf } from "../operations/build-table.ts";
import { grouped, moment } from "../words.ts";

/** `checkers.invariants`. */
export interface InvariantsResult extends CheckerResult {
  /** After how many steps of the cluster its invariants were looked at. */
  readonly steps: number;
  readonly violation: ViolationRecord | null;
}

/**
 * What a simulation saw inside of its nodes, or what the traces of a real run tell of them: an invariant that was broken
 * condemns the store, whether or not a client has noticed.
 */
export const invariantsChecker: Checker<InvariantsResult> = {
  name: "invariants",
  check: (history) => judge(recordOf(history)),
};

function judge(record: InvariantsRecord | null): InvariantsResult {
  const { steps, violation } = record ?? { steps: 0, violation: null };
  if (violation !== null) return { verdict: "invalid", summary: sentence(violation), steps, violation };
  if (steps > 0)
    return { verdict: "valid", summary: `no invariant was violated in ${grouped(steps)} steps`, steps, violation };
  const reached = record?.problem ?? "the history has no states of the nodes";
  const cause = { code: "nothing-tested", reached, remedy: "check that the run finished" };
  return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, steps, violation };
}

function sentence({ invariant, name, timeNs, nodes, detail }: ViolationRecord): string {
  return `${invariant} (${name}) was broken at ${nodes.join(", ")} after ${moment(timeNs)}: ${detail}`;
}

function recordOf(history: HistorySource): InvariantsRecord | null {
  for (const { process, f, value } of annotationsOf(history)) {
    if (process === "controller" && f === "invariants") return value as InvariantsRecord;
  }
  return null;
}
