import { expect, test } from "vitest";
import { asFaketime, catchUpLine, offsetAt } from "./line.ts";

test("a rate counts from the start of the process, so that no clock jumps when it begins to drift", () => {
  const drift = { sinceMs: 60_000, offsetMs: 0, rate: 0.5 };
  expect(offsetAt(drift, 62_000)).toBe(-1000);
  expect(asFaketime(drift, 10_000)).toBe("+25.000000000 x0.500000000\n");
  expect(asFaketime({ sinceMs: 0, offsetMs: -300_000, rate: 1 }, 10_000)).toBe("-300.000000000 x1.000000000\n");
});

test("a clock that drifted catches up in as long as it drifted, and never runs backwards", () => {
  const behind = catchUpLine({ sinceMs: 0, offsetMs: 0, rate: 0.5 }, 4000);
  expect(behind).toEqual({ line: { sinceMs: 4000, offsetMs: -2000, rate: 1.5 }, takesMs: 4000 });
  expect(offsetAt(behind.line, 8000)).toBe(0);
  const farAhead = catchUpLine({ sinceMs: 0, offsetMs: 0, rate: 2 }, 60_000);
  expect(farAhead.line.rate).toBeGreaterThan(0);
  expect(offsetAt(farAhead.line, 60_000 + farAhead.takesMs)).toBeCloseTo(0);
  expect(catchUpLine({ sinceMs: 0, offsetMs: 0, rate: 1 }, 4000).takesMs).toBe(0);
});
