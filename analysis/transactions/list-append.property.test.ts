import { describe, expect, it } from "vitest";
import { listAppend } from "./list-append.ts";
import { compareWithBruteForce } from "./test-support/compare.ts";

describe("transactions over lists against brute force", () => {
  it("never raises a false alarm about strict serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(listAppend, "append", 60_000, "strict-serializable");
    expect(counts.missed).toBe(0);
    expect(counts.valid).toBeGreaterThan(20_000);
    expect(counts.invalid).toBeGreaterThan(5000);
  });

  it("never raises a false alarm about serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(listAppend, "append", 40_000, "serializable");
    expect(counts.missed).toBe(0);
    expect(counts.valid).toBeGreaterThan(10_000);
    expect(counts.invalid).toBeGreaterThan(3000);
  });
});
