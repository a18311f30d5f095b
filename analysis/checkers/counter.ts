import type { Checker } from "../checker.ts";
import { type Bounds, boundsOf, type Fall, falls } from "../objects/counter/bounds.ts";
import {
  adds,
  type CounterHistory,
  counterHistory,
  noCounter,
  type Observation,
} from "../objects/counter/counter-history.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural } from "../objects/phrases.ts";
import { type Quantiles, quantilesOf } from "../objects/quantiles.ts";

/** `checkers.counter`. */
export interface CounterResult extends ObjectResult {
  readonly additions: number;
  /** Reads, and increments that were answered. */
  readonly observations: number;
  /** How far apart the bounds of an observation were: 0 where only one answer was right. */
  readonly spread: Quantiles | null;
}

/**
 * Counters that begin at 0, one a key: `add` (value: the amount), `incr` (value: the amount; ok value: the new number,
 * which observes the counter) and `read` (ok value: the number; null: 0). Whether each answer lies within what was
 * certainly and what was possibly added, and whether answers in a row fit together. Fast and without false alarms, but
 * not exact.
 */
export const counterChecker: Checker<CounterResult> = {
  name: "counter",
  forms: [objectForm],
  check: (history) => checkCounters(objectOperations(history)),
};

function checkCounters(operations: readonly ObjectOperation[]): CounterResult {
  const judgement = new Judgement();
  const counts = { additions: 0, observations: 0 };
  const spreads: number[] = [];
  for (const [key, ofKey] of byKey(operations)) {
    if (!ofKey.some(adds)) {
      tellNeverAdded(judgement, key, ofKey);
      continue;
    }
    const history = counterHistory(ofKey);
    if (history === null) {
      judgement.tested(key, ofKey.length, 1);
      judgement.unknown(noCounter);
      continue;
    }
    counts.additions += history.additions.length;
    counts.observations += history.observations.length;
    judgement.tested(key, history.additions.length + history.observations.length, history.observations.length);
    for (const { low, high } of checkCounter(judgement, key, history)) spreads.push(high - low);
  }
  const concluded = judgement.conclude({
    valid: `${plural(counts.observations, "answer")} within the bounds of ${plural(counts.additions, "addition")}`,
    untested: "no counter that clients added to was read",
    remedy: "check that clients reach the cluster, and that the workload reads what it adds to",
  });
  return { ...concluded, ...counts, spread: quantilesOf(spreads) };
}

function checkCounter(judgement: Judgement, key: string, history: CounterHistory): Bounds[] {
  const all = boundsOf(history);
  for (const bounds of all) {
    const { value } = bounds.observation;
    if (value < bounds.low || value > bounds.high) tellBounds(judgement, key, bounds);
  }
  if (history.additions.some(({ amount }) => amount < 0)) return all;
  for (const fall of falls(history)) tellFall(judgement, key, fall);
  if (history.additions.every(({ amount }) => amount > 0)) tellSameAnswers(judgement, key, history);
  return all;
}

/** A counter that is read as something else than 0, though nothing was ever added to it. */
function tellNeverAdded(judgement: Judgement, key: string, operations: readonly ObjectOperation[]): void {
  if (operations.some(({ f }) => f !== "read")) return;
  const observations = counterHistory(operations)?.observations.filter(({ value }) => value !== 0) ?? [];
  if (observations.length > 0) judgement.tested(key, operations.length, observations.length);
  for (const observation of observations) tellBounds(judgement, key, { observation, low: 0, high: 0 });
}

function tellBounds(judgement: Judgement, key: string, { observation, low, high }: Bounds): void {
  const { op, value } = observation;
  const allowed = low === high ? `it certainly was ${low}` : `it was between ${low} and ${high}`;
  const off = value < low ? `${low - value} too low` : `${value - high} too high`;
  judgement.add({
    ...{ kind: "counter-bounds", key, operations: [op] },
    sentence: (seconds) =>
      `${answered(op, seconds, String(value))}, but by what was added by then ${allowed}: at least ${off}`,
  });
}

function tellFall(judgement: Judgement, key: string, { earlier, later }: Fall): void {
  judgement.add({
    ...{ kind: "counter-back", key, operations: [earlier.op, later.op] },
    sentence: (seconds) =>
      `${answered(later.op, seconds, String(later.value))}, but process ${earlier.op.process} had seen ${earlier.value} ` +
      `by ${seconds(earlier.op.completedAtNs)}, and nothing was ever subtracted`,
  });
}

/** Every increment of a counter that only grows makes a number that was never there before. */
function tellSameAnswers(judgement: Judgement, key: string, { observations }: CounterHistory): void {
  const increments = observations.filter(({ own }) => own > 0);
  for (const same of Map.groupBy(increments, ({ value }) => value).values()) {
    const [first, second] = same as [Observation, Observation?];
    if (second === undefined) continue;
    judgement.add({
      ...{ kind: "same-answer", key, operations: [first.op, second.op], count: same.length - 1 },
      sentence: (seconds) =>
        `increments of process ${first.op.process} at ${seconds(first.op.completedAtNs)} and of process ` +
        `${second.op.process} at ${seconds(second.op.completedAtNs)} were both answered ${first.value}: one of them was lost`,
    });
  }
}
