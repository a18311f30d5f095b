import { describe, expect, it } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { type ModelName, models } from "../models/registry.ts";
import { linearizable } from "./linearizable.ts";
import { type Play, plays } from "./test-support/plays.ts";
import { distort, eventsOf, oracleAccepts, playHistory } from "./test-support/random-object.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const histories = Number(process.env["KEELHAUL_HISTORIES"] ?? 100_000);

/** Checks many small histories against all orders; returns how often each verdict was right. */
function compare(play: Play): Record<string, number> {
  const checker = linearizable(models[play.model as ModelName].create());
  const decided: Record<string, number> = { valid: 0, invalid: 0, unknown: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, `search ${play.model}`);
    const domain = random.integer(1, 4);
    const info = random.pick([0, 0.1, 0.4]);
    const shape = { operations: random.integer(2, 8), clients: random.integer(2, 5), info, domain };
    const operations = playHistory(play, random, shape);
    for (let j = i % 3 === 0 ? 0 : random.integer(1, 2); j > 0; j--) distort(play, random, operations, domain);
    const events = eventsOf(operations);
    const { verdict, cause } = checker.check(events);
    decided[verdict]!++;
    if (cause?.code === "nothing-tested") continue;
    const truth = oracleAccepts(play, operations) ? "valid" : "invalid";
    if (verdict !== truth) {
      const context = `history ${i} of KEELHAUL_SEED=${seed}, ${play.model}`;
      throw new Error(`${context}: ${verdict} (${cause?.code}), but it is ${truth}\n${JSON.stringify(events)}`);
    }
  }
  return decided;
}

describe("the search against all orders", () => {
  for (const play of plays) {
    it(`agrees on ${play.model}`, () => {
      const { valid = 0, invalid = 0 } = compare(play);
      expect(valid).toBeGreaterThan(histories / 5);
      expect(invalid).toBeGreaterThan(histories / 40);
    });
  }
});
