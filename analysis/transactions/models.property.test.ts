import { describe, expect, it } from "vitest";
import { listAppend } from "./list-append.ts";
import { rwRegister } from "./rw-register.ts";
import { compareModels } from "./test-support/compare-models.ts";

describe("every consistency model against brute force, neither a false alarm nor a miss", () => {
  it.each([
    ["registers", rwRegister, "w"],
    ["lists", listAppend, "append"],
  ] as const)("of transactions over %s", { timeout: 3_600_000 }, (_what, make, kind) => {
    const tallies = compareModels(make, kind);
    for (const [model, { valid, invalid }] of tallies) {
      expect(valid, `${model} held`).toBeGreaterThan(100);
      expect(invalid, `${model} did not hold`).toBeGreaterThan(50);
    }
  });
});
