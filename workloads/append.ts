import type { MicroOp } from "../sut/system.ts";
import { transactionReadsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const longestTransaction = 4;
const appendShare = 50;

/**
 * Transactions that append to lists and read them. An element is appended once, so a list that was read tells the
 * order of everything that was done to its key, and cycles between transactions come to light.
 */
export const append: Workload = {
  name: "append",
  description: "transactions that append to lists and read them: strict serializability, by cycles",
  operations: ["txn"],
  checkers: ["list-append", "statistics", "availability"],
  generator: appendGenerator,
  finalReads: transactionReadsOf,
};

function appendGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "a", active: 5, usesPerKey: 80, random });
  let lastElement = 0;
  return fromFunction({
    next: (process) => {
      const reads = onlyReads(process, concurrency);
      const steps = Array.from({ length: random.integer(1, longestTransaction) }, (): MicroOp => {
        const key = keys.use();
        if (reads || random.integer(0, 99) >= appendShare) return ["r", key, null];
        lastElement += 1;
        return ["append", key, lastElement];
      });
      return { f: "txn", value: steps };
    },
  });
}
