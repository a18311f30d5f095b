import { outcomeOf, refused } from "./attempts.ts";
import { lockLoad } from "./lock-keys.ts";
import type { Workload } from "./workload.ts";

/** Locks, taken by setting an absent key to one's own name and given back by setting it to absent. */
export const lock: Workload = {
  name: "lock",
  description: "locks taken and given back: never two holders at a time",
  operations: ["cas"],
  checkers: ["lock", "linearizable-mutex", "statistics", "availability"],
  generator: ({ random }) => lockLoad({ prefix: "l", usesPerKey: 80, random }),
  perform: async (client, { f, key, value }, timeoutMs) => {
    const exchange = f === "acquire" ? [null, value] : [value, null];
    const change = await client.invoke({ f: "cas", key: key!, value: exchange }, timeoutMs);
    return outcomeOf(change, value) ?? refused("cas-mismatch", change.node);
  },
  finalReads: () => [],
};
