import { expect, test } from "vitest";
import { asSentence, formatCount, formatShare } from "./format.ts";

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
