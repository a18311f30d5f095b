import { describe, expect, it } from "vitest";
import { rwRegister } from "./rw-register.ts";
import { compareWithBruteForce } from "./test-support/compare.ts";

describe("transactions over registers against brute force", () => {
  it("never raises a false alarm about strict serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(rwRegister, "w", 6000, "strict-serializable");
    expect(counts.valid).toBeGreaterThan(1500);
    expect(counts.invalid).toBeGreaterThan(400);
    expect(counts.missed).toBe(0);
  });

  it("never raises a false alarm about serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(rwRegister, "w", 4000, "serializable");
    expect(counts.valid).toBeGreaterThan(800);
    expect(counts.invalid).toBeGreaterThan(200);
    expect(counts.missed).toBe(0);
  });
});
