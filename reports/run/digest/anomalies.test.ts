import { expect, test } from "vitest";
import { digestChecker } from "./anomalies.ts";

test("a measure that found something asks for attention, and one that did not does not", () => {
  const measured = { verdict: "valid", summary: "3 of 9 reads were stale" } as const;
  expect(digestChecker("staleness", { ...measured, attention: true })).toMatchObject({ attention: true });
  expect(digestChecker("staleness", measured)).not.toHaveProperty("attention");
});

test("anomalies are listed with what they mean, whether counted or told of", () => {
  const { anomalies } = digestChecker("some", {
    ...{ verdict: "invalid", summary: "" },
    ...{ anomalies: { "stale-read": 2, G2: { count: 3, meaning: "a cycle", forbidden: false }, odd: null } },
  } as never);
  expect(anomalies).toEqual([
    { name: "stale-read", count: 2, meaning: expect.stringContaining("overwritten"), forbidden: true },
    { name: "G2", count: 3, meaning: "a cycle", forbidden: false },
  ]);
});
