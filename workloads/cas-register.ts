import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

/** So few that compare-and-sets meet, and often hold. */
const largestValue = 4;

/** Of a hundred operations of a client that does not only read; the rest are compare-and-sets. */
const share = { read: 30, write: 30 } as const;

/**
 * Registers of few values, fought over. Values come back, so the general search decides; it has to look at refused
 * compare-and-sets as closely as at those that held. Keys are short-lived, which keeps the search short.
 */
export const casRegister: Workload = {
  name: "cas-register",
  description: "reads, writes and compare-and-sets of five values, contended: linearizability, by search",
  operations: ["read", "write", "cas"],
  checkers: ["linearizable-cas-register", "statistics", "availability"],
  generator: casRegisterGenerator,
  finalReads: readsOf,
};

function casRegisterGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "c", active: 3, usesPerKey: 80, random });
  const value = () => random.integer(0, largestValue);
  return fromFunction({
    next: (process) => {
      const key = keys.use();
      const kind = random.integer(0, 99);
      if (onlyReads(process, concurrency) || kind < share.read) return { f: "read", key, value: null };
      if (kind < share.read + share.write) return { f: "write", key, value: value() };
      return { f: "cas", key, value: [value(), value()] };
    },
  });
}
