import type { Checker, HistorySource } from "../checker.ts";
import {
  type CounterHistory,
  counterHistory,
  noCounter,
  type Observation,
} from "../objects/counter/counter-history.ts";
import { reachableSums, type Span } from "../objects/counter/reachable-sums.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { byKey, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural } from "../objects/phrases.ts";
import { annotationsOf, operationForm } from "../operations/build-table.ts";
import { phasesOf } from "../run/phases.ts";

/** `checkers["pn-counter"]`. */
export interface PnCounterResult extends ObjectResult {
  readonly additions: number;
  readonly finalReads: number;
}

/**
 * Counters that go up and down and need only converge: `add` (value: the amount, of any sign) and `read` (ok value: the
 * number; null: 0). Whether every final read is the sum of all additions that were acknowledged and some of those whose
 * outcome is unknown. Source: Maelstrom's pn-counter workload.
 */
export const pnCounterChecker: Checker<PnCounterResult> = {
  name: "pn-counter",
  forms: [objectForm, operationForm],
  check: checkCounters,
};

function checkCounters(history: HistorySource): PnCounterResult {
  const judgement = new Judgement();
  const from = finalReadsBegin(history);
  const counts = { additions: 0, finalReads: 0 };
  for (const [key, ofKey] of byKey(objectOperations(history))) {
    const additions = ofKey.filter(({ f, outcome }) => f === "add" && outcome !== "fail");
    const reads = ofKey.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    if (additions.length === 0 && reads.every(({ answer }) => answer === 0)) continue;
    const final = reads.filter(({ inv }) => from !== null && inv >= from);
    counts.additions += additions.length;
    counts.finalReads += final.length;
    judgement.tested(key, additions.length + final.length, from === null ? reads.length : final.length);
    const counter = counterHistory([...additions, ...final]);
    if (counter === null) judgement.unknown(noCounter);
    else judgeKey(judgement, key, counter);
  }
  if (from === null) judgement.unknown(noFinalReads);
  const concluded = judgement.conclude({
    valid: `${plural(counts.finalReads, "final read")} of the sum of ${plural(counts.additions, "addition")}`,
    untested: "no final read was answered",
    remedy: "check that clients reach the cluster, and that every counter is read when all adding is over",
  });
  return { ...concluded, ...counts };
}

const noFinalReads = {
  code: "no-final-reads",
  reached: "the history does not say which reads are final",
  remedy: "mark them with final? true, as Maelstrom does",
} as const;

const tooManySums = {
  code: "not-decided",
  reached: "the additions of unknown outcome have more possible sums than fit in memory",
  remedy: "add smaller numbers, or wait longer for answers",
} as const;

/** Where the final reads begin, by the phases of a run, or by the marks of another recorder. */
function finalReadsBegin(history: HistorySource): number | null {
  for (const event of annotationsOf(history)) {
    if (event.process !== "controller") continue;
    if (event.f === "final-reads" || phasesOf([event])[0]?.phase === "final-reads") return event.index;
  }
  return null;
}

/** Additions that had not all ended when the first of these reads began may be missing in them. */
function judgeKey(judgement: Judgement, key: string, { additions, observations }: CounterHistory): void {
  const firstRead = observations.reduce((first, { op }) => Math.min(first, op.inv), Number.POSITIVE_INFINITY);
  const certain = additions.filter(({ ret }) => ret < firstRead).map(({ amount }) => amount);
  const possible = additions.filter(({ ret }) => ret >= firstRead).map(({ amount }) => amount);
  const sums = reachableSums(
    certain.reduce((sum, amount) => sum + amount, 0),
    possible,
  );
  if (sums === null) {
    judgement.unknown(tooManySums);
    return;
  }
  for (const read of observations) {
    if (!sums.some(([low, high]) => read.value >= low && read.value <= high)) tellSum(judgement, key, read, sums);
  }
}

function tellSum(judgement: Judgement, key: string, { op, value }: Observation, sums: readonly Span[]): void {
  const spans = sums.map(([low, high]) => (low === high ? String(low) : `${low} to ${high}`));
  const allowed = spans.length > 3 ? `${spans.slice(0, 3).join(", ")}, …` : spans.join(" or ");
  judgement.add({
    ...{ kind: "wrong-final-sum", key, operations: [op] },
    sentence: (seconds) => `${answered(op, seconds, String(value))} at the end, but the additions come to ${allowed}`,
  });
}
