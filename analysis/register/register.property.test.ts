import { describe, expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { oracleAccepts } from "../test-support/oracle.ts";
import { corrupt, eventsOf, type Shape, simulate } from "../test-support/random-history.ts";
import { judgeRegisters } from "./judge.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

/** Checks many small histories against brute force; returns how the checker decided. */
function compare(histories: number, purpose: string, shapeOf: (random: RandomStream) => Shape): Record<string, number> {
  const decided: Record<string, number> = { valid: 0, invalid: 0, unknown: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, purpose);
    const operations = simulate(random, shapeOf(random));
    for (let j = i % 2 === 0 ? 0 : random.integer(1, 2); j > 0; j--) corrupt(random, operations);
    const events = eventsOf(operations);
    const { verdict, cause } = judgeRegisters(events, null).result;
    decided[verdict]!++;
    if (cause !== undefined) decided[cause.code] = (decided[cause.code] ?? 0) + 1;
    const context = `history ${i} of KEELHAUL_SEED=${seed}`;
    if (cause?.code === "checker-disagrees")
      throw new Error(`${context}: checker-disagrees\n${JSON.stringify(events)}`);
    if (verdict === "unknown") continue;
    const truth = oracleAccepts(events) ? "valid" : "invalid";
    if (truth !== verdict) throw new Error(`${context}: ${verdict}, but it is ${truth}\n${JSON.stringify(events)}`);
  }
  return decided;
}

describe("the register check against brute force", () => {
  it("agrees on reads, writes and compare-and-sets of unique values", () => {
    const decided = compare(80_000, "unique", (random) => ({
      operations: random.integer(3, 10),
      clients: random.integer(2, 5),
      info: random.pick([0, 0.1, 0.4]),
      cas: random.pick([0, 0.3, 0.6]),
      domain: 0,
    }));
    expect(decided["valid"]).toBeGreaterThan(40_000);
    expect(decided["invalid"]).toBeGreaterThan(8000);
    expect(decided["refused-cas"]).toBeLessThan(800);
  });

  it("agrees on values that are written several times", () => {
    const decided = compare(30_000, "repeated", (random) => ({
      operations: random.integer(3, 8),
      clients: random.integer(1, 4),
      info: random.pick([0, 0.2]),
      cas: random.pick([0, 0.3]),
      domain: random.integer(2, 5),
    }));
    expect(decided["valid"]).toBeGreaterThan(5000);
    expect(decided["invalid"]).toBeGreaterThan(2000);
    expect(decided["values-repeat"]).toBeGreaterThan(1000);
  });
});
