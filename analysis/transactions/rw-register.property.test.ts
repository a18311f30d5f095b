import { describe, expect, it } from "vitest";
import { rwRegister } from "./rw-register.ts";
import { compareWithBruteForce } from "./test-support/compare.ts";

describe("transactions over registers against brute force", () => {
  it("never raises a false alarm about strict serializability, and finds most of what is wrong", () => {
    const counts = compareWithBruteForce(rwRegister, "w", 60_000, "strict-serializable");
    expect(counts.valid).toBeGreaterThan(20_000);
    expect(counts.invalid).toBeGreaterThan(4000);
    expect(counts.missed).toBeLessThan(counts.invalid / 10);
  });

  it("never raises a false alarm about serializability", () => {
    const counts = compareWithBruteForce(rwRegister, "w", 40_000, "serializable");
    expect(counts.valid).toBeGreaterThan(10_000);
    expect(counts.invalid).toBeGreaterThan(2000);
  });
});
