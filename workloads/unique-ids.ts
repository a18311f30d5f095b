import { fromFunction } from "./generators/from-function.ts";
import type { Workload } from "./workload.ts";

/** Identifiers taken from one counter. */
export const uniqueIds: Workload = {
  name: "unique-ids",
  description: "identifiers drawn from one counter: none is given out twice",
  operations: ["incr"],
  checkers: ["unique-ids", "statistics", "availability"],
  generator: () => fromFunction({ next: () => ({ f: "generate", value: null }) }),
  perform: (client, _operation, timeoutMs) => client.invoke({ f: "incr", key: "ids", value: 1 }, timeoutMs),
  finalReads: () => [{ f: "generate", value: null }],
};
