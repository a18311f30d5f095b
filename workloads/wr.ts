import type { MicroOp } from "../sut/system.ts";
import { transactionReadsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const longestTransaction = 4;
const writeShare = 50;

/**
 * Transactions that write registers and read them; every value is written once. A transaction reads each register before it
 * writes it: a blind write does not show what it replaced, and too many of them leave the order of versions undecided.
 */
export const wr: Workload = {
  name: "wr",
  description: "transactions that write and read registers of unique values: strict serializability, by cycles",
  operations: ["txn"],
  checkers: ["rw-register", "statistics", "availability"],
  generator: wrGenerator,
  finalReads: transactionReadsOf,
};

function wrGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "w", active: 5, usesPerKey: 80, random });
  let lastValue = 0;
  return fromFunction({
    next: (process) => {
      const reads = onlyReads(process, concurrency);
      const steps = Array.from({ length: random.integer(1, longestTransaction) }, (): readonly MicroOp[] => {
        const key = keys.use();
        const read: MicroOp = ["r", key, null];
        if (reads || random.integer(0, 99) >= writeShare) return [read];
        lastValue += 1;
        return [read, ["w", key, lastValue]];
      });
      return { f: "txn", value: steps.flat() };
    },
  });
}
