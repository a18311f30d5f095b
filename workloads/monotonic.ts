import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

const keys = Array.from({ length: 4 }, (_, number) => `m${number}`);
const readShare = 50;

/** Numbers that only grow. What one process sees of them must never go back, even where reads may be stale. */
export const monotonic: Workload = {
  name: "monotonic",
  description: "numbers that only grow: no process sees one go back",
  operations: ["incr", "read"],
  checkers: ["monotonic", "statistics", "availability"],
  generator: monotonicGenerator,
  finalReads: readsOf,
};

function monotonicGenerator({ random, concurrency }: LoadContext): Generator {
  return fromFunction({
    next: (process) => {
      const key = random.pick(keys);
      const reads = onlyReads(process, concurrency) || random.integer(0, 99) < readShare;
      return reads ? { f: "read", key, value: null } : { f: "incr", key, value: 1 };
    },
  });
}
