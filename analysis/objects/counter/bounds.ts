import type { Addition, CounterHistory, Observation } from "./counter-history.ts";

/** What a counter may have held at some time during an observation. */
export interface Bounds {
  readonly observation: Observation;
  readonly low: number;
  readonly high: number;
}

/** Sums of amounts by a time: what is added until then. */
class RunningSum {
  readonly #times: Float64Array;
  readonly #sums: Float64Array;

  constructor(additions: readonly Addition[], timeOf: (addition: Addition) => number) {
    const sorted = additions.toSorted((a, b) => timeOf(a) - timeOf(b));
    this.#times = Float64Array.from(sorted, timeOf);
    let sum = 0;
    this.#sums = Float64Array.from(sorted, ({ amount }) => {
      sum += amount;
      return sum;
    });
  }

  /** The sum of what has a time before this one. */
  before(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#sums[low - 1]!;
  }
}

/**
 * The bounds of every observation. The counter held at least what had certainly been added before it began and what may
 * have been subtracted before it ended; at most the reverse.
 */
export function boundsOf({ additions, observations }: CounterHistory): Bounds[] {
  const rises = additions.filter(({ amount }) => amount > 0);
  const falls = additions.filter(({ amount }) => amount < 0);
  const certainRises = new RunningSum(rises, ({ ret }) => ret);
  const certainFalls = new RunningSum(falls, ({ ret }) => ret);
  const possibleRises = new RunningSum(rises, ({ inv }) => inv);
  const possibleFalls = new RunningSum(falls, ({ inv }) => inv);
  return observations.map((observation) => {
    const { op, own } = observation;
    // An increment's own amount is among what may have been added, and certainly was when it was answered.
    const low = certainRises.before(op.inv) + possibleFalls.before(op.ret) + Math.max(0, own);
    const high = possibleRises.before(op.ret) + certainFalls.before(op.inv) + Math.min(0, own);
    return { observation, low, high };
  });
}

/** Two observations of which the first ended before the second began, and yet saw more than that allows. */
export interface Fall {
  readonly earlier: Observation;
  readonly later: Observation;
}

/**
 * Of a counter that only grows: observations that are lower than an earlier one allows, each with the highest that
 * ended before it began. (That no two are too far apart follows from the bounds of each.)
 */
export function falls({ observations }: CounterHistory): Fall[] {
  const byEnd = observations.toSorted((a, b) => a.op.ret - b.op.ret);
  let highest: Observation | null = null;
  let at = 0;
  return observations.flatMap((later) => {
    for (; at < byEnd.length && byEnd[at]!.op.ret < later.op.inv; at++) {
      if (highest === null || byEnd[at]!.value > highest.value) highest = byEnd[at]!;
    }
    return highest !== null && later.value < highest.value + later.own ? [{ earlier: highest, later }] : [];
  });
}
