import { type RandomStream, randomStream } from "../../../random/stream.ts";
import type { Checker } from "../../checker.ts";
import type { TransactionOptions } from "../list-append.ts";
import { serializable } from "./oracle.ts";
import { randomTransactions, type Shape } from "./random-transactions.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

/** Checks many small histories against brute force; throws on a false alarm, counts what was missed. */
export function compareWithBruteForce(
  make: (options: TransactionOptions) => Checker,
  kind: Shape["kind"],
  histories: number,
  consistency: "serializable" | "strict-serializable",
) {
  const checker = make({ consistency: [consistency] });
  const counts = { valid: 0, invalid: 0, nothingTested: 0, missed: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, consistency);
    const events = randomTransactions(random, shapeOf(random, kind));
    const { verdict, cause, summary } = checker.check(events);
    const truth = serializable(events, consistency === "strict-serializable");
    const context = `history ${i} of KEELHAUL_SEED=${seed}: ${summary}\n${JSON.stringify(events)}`;
    if (verdict === "invalid" && truth) throw new Error(`a false alarm: ${context}`);
    if (cause !== undefined && cause.code !== "nothing-tested") throw new Error(`undecided: ${context}`);
    if (verdict === "unknown") counts.nothingTested++;
    else if (verdict === "invalid") counts.invalid++;
    else if (truth) counts.valid++;
    else counts.missed++;
  }
  return counts;
}

const shapeOf = (random: RandomStream, kind: Shape["kind"]): Shape => ({
  kind,
  transactions: random.integer(3, 8),
  clients: random.integer(2, 5),
  keys: random.integer(1, 3),
  info: random.pick([0, 0.1, 0.3]),
  abort: random.pick([0, 0.1]),
  faults: random.pick([0, 0.02, 0.1]),
});
