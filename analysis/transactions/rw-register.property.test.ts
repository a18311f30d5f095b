import { describe, expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import type { ModelName } from "./models.ts";
import { rwRegister } from "./rw-register.ts";
import { serializable } from "./test-support/oracle.ts";
import { randomTransactions, type Shape } from "./test-support/random-transactions.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

/** Checks many small histories against brute force; throws on a false alarm, counts what was missed. */
function compare(histories: number, model: ModelName, shapeOf: (random: RandomStream) => Shape) {
  const checker = rwRegister({ consistency: model });
  const counts = { valid: 0, invalid: 0, nothingTested: 0, missed: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, model);
    const events = randomTransactions(random, shapeOf(random));
    const { verdict, cause, summary } = checker.check(events);
    const truth = serializable(events, model === "strict-serializable");
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

const shapeOf = (random: RandomStream): Shape => ({
  kind: "w",
  transactions: random.integer(3, 8),
  clients: random.integer(2, 5),
  keys: random.integer(1, 3),
  info: random.pick([0, 0.1, 0.3]),
  abort: random.pick([0, 0.1]),
  faults: random.pick([0, 0.02, 0.1]),
});

describe("transactions over registers against brute force", () => {
  it("never raises a false alarm about strict serializability, and finds most of what is wrong", {
    timeout: 120_000,
  }, () => {
    const counts = compare(60_000, "strict-serializable", shapeOf);
    expect(counts.valid).toBeGreaterThan(20_000);
    expect(counts.invalid).toBeGreaterThan(4000);
    expect(counts.missed).toBeLessThan(counts.invalid / 10);
  });

  it("never raises a false alarm about serializability", { timeout: 120_000 }, () => {
    const counts = compare(40_000, "serializable", shapeOf);
    expect(counts.valid).toBeGreaterThan(10_000);
    expect(counts.invalid).toBeGreaterThan(2000);
  });
});
