import { expect, test } from "vitest";
import { judgeClock } from "./evidence.ts";

const at = (atMs: number, wallMs: number, monotonicMs = 0) => ({ atMs, wallMs, monotonicMs });

test("a jump is proven by the wall clock at its offset, with the monotonic clock left alone", () => {
  const jump = { type: "jump", offsetMs: -5000 } as const;
  expect(judgeClock(jump, [at(0, -4990)])).toEqual({
    observation: "wall clock -4.990 s, monotonic clock +0.000 s",
    proves: true,
  });
  expect(judgeClock(jump, [at(0, -4000)]).proves).toBe(false);
  expect(judgeClock(jump, [at(0, -5000, -5000)]).proves).toBe(false);
  expect(judgeClock(jump, [])).toEqual({ observation: "the clock could not be read", proves: false });
});

test("a drift is proven by readings half a second apart, in the right direction", () => {
  const drift = { type: "drift", rate: 0.5 } as const;
  expect(judgeClock(drift, [at(0, 0), at(600, -300)])).toEqual({
    observation: "wall clock at 50.0 % of its rate over 600 ms",
    proves: true,
  });
  expect(judgeClock(drift, [at(0, 0), at(600, 300)]).proves).toBe(false);
  expect(judgeClock(drift, [at(0, 0), at(300, -150)]).proves).toBe(false);
  expect(judgeClock({ type: "monotonic-drift", rate: 2 }, [at(0, 0, 0), at(600, 600, 600)]).proves).toBe(true);
});

test("a strobe is proven by readings at both times, healing by the true time of both clocks", () => {
  const strobe = { type: "strobe", offsetMs: 300, everyMs: 50 } as const;
  expect(judgeClock(strobe, [at(0, 301), at(50, 2)]).proves).toBe(true);
  expect(judgeClock(strobe, [at(0, 301), at(50, 299)]).proves).toBe(false);
  expect(judgeClock({ type: "true" }, [at(0, 300), at(50, 3)]).proves).toBe(true);
  expect(judgeClock({ type: "true" }, [at(0, 3, 400)]).proves).toBe(false);
});
