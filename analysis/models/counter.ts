import { monitorCounter } from "../monitors/counter.ts";
import {
  family,
  type Impossible,
  illegal,
  type Model,
  type ModelOperation,
  type TimedOperation,
  unknownFunction,
} from "./model.ts";

/** With more sums than this there are too many to go through. */
const maxListedSums = 4096;

/** A number that is added to. `add` answers nothing, `incr` the sum after it. */
export const counterModel = family(
  "counter",
  "a number: add, incr (answers the sum), read",
  ({ initial, nilReads }): Model<number> => {
    const init = typeof initial === "number" ? initial : 0;
    return {
      name: "counter",
      init,
      step,
      isPure: ({ f, asked }) => f === "read" || asked === 0,
      observes: ({ f }) => f !== "add",
      objection: (operation) => unknownFunction(operation, ["add", "incr", "read"]) ?? malformed(operation),
      saysNothing: ({ f, value }) => f === "read" && value === null && nilReads === "unknown",
      states: (operations) => sums(operations, init),
      impossible: (operations) => outOfRange(operations, init),
      monitor: (operations) => monitorCounter(operations, init),
      describeState: (sum) => `the counter stands at ${sum}`,
      tell: ({ f, asked, value }) =>
        f === "read" ? `read ${sumSeen(value)}` : f === "add" ? `added ${asked}` : `added ${asked} and got ${value}`,
      whyNot: (sum, { f, asked, value }) =>
        f === "read"
          ? `needs ${sumSeen(value)}, the counter stands at ${sum}`
          : `would get ${sum + (asked as number)} instead of ${value}`,
    };
  },
);

function step(sum: number, { f, asked, value, outcome }: ModelOperation): number | typeof illegal {
  if (f === "read") return sum === sumSeen(value) ? sum : illegal;
  const after = sum + (asked as number);
  return f === "incr" && outcome === "ok" && after !== value ? illegal : after;
}

/** A counter that is not there yet stands at 0. */
function sumSeen(value: unknown): number {
  return (value ?? 0) as number;
}

function malformed({ f, asked, value, outcome }: ModelOperation): string | null {
  if (f !== "read" && !Number.isSafeInteger(asked)) return "what is added to a counter is no whole number up to 2^53";
  const answers = outcome === "ok" && f !== "add";
  return answers && value !== null && !Number.isSafeInteger(value)
    ? "a counter answers no whole number up to 2^53"
    : null;
}

function sums(operations: readonly ModelOperation[], init: number): number[] | null {
  let low = init;
  let high = init;
  for (const { f, asked } of operations) {
    if (f === "read") continue;
    if ((asked as number) < 0) low += asked as number;
    else high += asked as number;
  }
  return high - low >= maxListedSums ? null : Array.from({ length: high - low + 1 }, (_, offset) => low + offset);
}

/**
 * A sum beyond what the additions allow: those that surely came before count fully, those that may have come count
 * only in their own direction. Additions up to a time are kept as running sums, so that this takes O(n log n).
 */
function outOfRange(operations: readonly TimedOperation[], init: number): Impossible | null {
  const additions = operations.filter(({ f }) => f !== "read");
  const begun = new RunningSums(additions, ({ inv }) => inv);
  const ended = new RunningSums(
    additions.filter(({ ret }) => ret !== Infinity),
    ({ ret }) => ret,
  );
  for (const [place, { f, value, outcome, asked, inv, ret }] of operations.entries()) {
    if (outcome !== "ok" || f === "add") continue;
    const before = ended.until(inv);
    const during = begun.until(ret);
    const own = f === "incr" ? (asked as number) : 0;
    const low = init + Math.max(own, 0) + before.positive + during.negative;
    const high = init + Math.min(own, 0) + during.positive + before.negative;
    const sum = sumSeen(value);
    if (sum >= low && sum <= high) continue;
    const bound = sum < low ? `at least ${low}` : `at most ${high}`;
    return { operations: [place], why: `the counter stood at ${bound} then` };
  }
  return null;
}

class RunningSums {
  readonly #times: number[] = [];
  readonly #positive = [0];
  readonly #negative = [0];

  constructor(additions: readonly TimedOperation[], timeOf: (addition: TimedOperation) => number) {
    for (const addition of [...additions].sort((a, b) => timeOf(a) - timeOf(b))) {
      const change = addition.asked as number;
      this.#times.push(timeOf(addition));
      this.#positive.push(this.#positive.at(-1)! + Math.max(change, 0));
      this.#negative.push(this.#negative.at(-1)! + Math.min(change, 0));
    }
  }

  /** Of all additions with a time before this one. */
  until(time: number): { positive: number; negative: number } {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return { positive: this.#positive[low]!, negative: this.#negative[low]! };
  }
}
