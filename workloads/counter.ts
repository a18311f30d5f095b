import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const largestAmount = 5;
const readShare = 30;

/** Counters that clients add to; each addition answers the new number, and so observes the counter too. */
export const counter: Workload = {
  name: "counter",
  description: "additions to counters, and reads: no addition is lost, doubled or answered twice",
  operations: ["incr", "read"],
  checkers: ["counter", "linearizable-counter", "statistics", "availability"],
  generator: counterGenerator,
  finalReads: readsOf,
};

function counterGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "n", active: 3, usesPerKey: 80, random });
  return fromFunction({
    next: (process) => {
      const key = keys.use();
      if (onlyReads(process, concurrency) || random.integer(0, 99) < readShare) return { f: "read", key, value: null };
      return { f: "incr", key, value: random.integer(1, largestAmount) };
    },
  });
}
