import { expect, test } from "vitest";
import { asSentence, formatCount, formatDuration, formatShare } from "./format.ts";

test("durations come in the unit that reads best", () => {
  expect([900, 1.5e6, 61.04e6, 4.8e9, 150e9, 1799.9e9].map(formatDuration)).toEqual([
    "1 µs",
    "1.5 ms",
    "61 ms",
    "4.8 s",
    "2 min 30 s",
    "30 min",
  ]);
});

test("100 % means all", () => {
  expect([formatShare(9999, 10_000), formatShare(10, 10), formatShare(0, 0)]).toEqual([
    "99.9\u2009%",
    "100\u2009%",
    "-",
  ]);
});

test("counts are grouped by thousands", () => {
  expect([7, 1234, 1_234_567].map(formatCount)).toEqual(["7", "1,234", "1,234,567"]);
});

test("a clause becomes a sentence, and units stay with their figures", () => {
  expect(asSentence("key k is fine after 599 ms and 2 sets")).toBe("Key k is fine after 599\u00a0ms and 2 sets.");
  expect(asSentence("n1 lied.")).toBe("n1 lied.");
});
