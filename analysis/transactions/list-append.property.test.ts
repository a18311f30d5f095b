import { describe, expect, it } from "vitest";
import { listAppend } from "./list-append.ts";
import { compareWithBruteForce } from "./test-support/compare.ts";

describe("transactions over lists against brute force", () => {
  it("never raises a false alarm about strict serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(listAppend, "append", 6000, "strict-serializable");
    expect(counts.missed).toBe(0);
    expect(counts.valid).toBeGreaterThan(1500);
    expect(counts.invalid).toBeGreaterThan(500);
  });

  it("never raises a false alarm about serializability, and misses nothing", () => {
    const counts = compareWithBruteForce(listAppend, "append", 4000, "serializable");
    expect(counts.missed).toBe(0);
    expect(counts.valid).toBeGreaterThan(800);
    expect(counts.invalid).toBeGreaterThan(300);
  });
});
