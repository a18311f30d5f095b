import { outcomeOf, refused } from "./attempts.ts";
import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const largestAmount = 5;
const readShare = 20;

/** Counters that go up and down. Reads may be stale while they change; at the end all have to come to the sum. */
export const pnCounter: Workload = {
  name: "pn-counter",
  description: "additions and subtractions: at the end every counter is the sum of them",
  operations: ["incr", "read"],
  checkers: ["pn-counter", "statistics", "availability"],
  generator: pnCounterGenerator,
  perform: async (client, operation, timeoutMs) => {
    if (operation.f === "read") return client.invoke(operation, timeoutMs);
    const added = await client.invoke({ ...operation, f: "incr" }, timeoutMs);
    return outcomeOf(added, operation.value) ?? refused("cas-mismatch", added.node);
  },
  finalReads: readsOf,
};

function pnCounterGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "pn", active: 3, usesPerKey: 80, random });
  return fromFunction({
    next: (process) => {
      const key = keys.use();
      if (onlyReads(process, concurrency) || random.integer(0, 99) < readShare) return { f: "read", key, value: null };
      const amount = random.integer(1, largestAmount);
      return { f: "add", key, value: random.integer(0, 1) === 0 ? amount : -amount };
    },
  });
}
