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

/** Two observations of which the first ended before the second began. */
export interface Step {
  readonly earlier: Observation;
  readonly later: Observation;
  /** The least and the most that the later one may be above the earlier. */
  readonly atLeast: number;
  readonly atMost: number;
}

/**
 * Of a counter that only grows: observations that are lower than an earlier one allows, or higher. Each is told once,
 * with the earlier one that says most.
 */
export function wrongSteps({ additions, observations }: CounterHistory): Step[] {
  const begun = new RunningSum(additions, ({ inv }) => inv);
  const ended = new RunningSum(additions, ({ ret }) => ret);
  const byEnd = observations.toSorted((a, b) => a.op.ret - b.op.ret);
  const steps: Step[] = [];
  // Above the earlier value there can only be what had not certainly been added when the earlier one began.
  const notYet = ({ op, value, own }: Observation): number => value - ended.before(op.inv) - own;
  let highest: Observation | null = null;
  let tightest: Observation | null = null;
  let at = 0;
  for (const later of observations) {
    for (; at < byEnd.length && byEnd[at]!.op.ret < later.op.inv; at++) {
      const earlier = byEnd[at]!;
      if (highest === null || earlier.value > highest.value) highest = earlier;
      if (tightest === null || notYet(earlier) < notYet(tightest)) tightest = earlier;
    }
    const mostOf = (earlier: Observation): number => begun.before(later.op.ret) - (earlier.value - notYet(earlier));
    const stepFrom = (earlier: Observation): Step => ({
      ...{ earlier, later, atLeast: later.own, atMost: mostOf(earlier) },
    });
    if (highest !== null && later.value < highest.value + later.own) steps.push(stepFrom(highest));
    else if (tightest !== null && later.value - tightest.value > mostOf(tightest)) steps.push(stepFrom(tightest));
  }
  return steps;
}
