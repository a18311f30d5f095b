import { expect, test } from "vitest";
import { TimeOfDay } from "./time-of-day.ts";

const shown = (seed: number, offsetMs: number) => {
  const timeOfDay = new TimeOfDay(seed, "n1", offsetMs);
  return Array.from({ length: 200 }, (_, i) => timeOfDay.at(500 * i));
};

test("the time of day is set forward and back, within its bound, and alike for a seed", () => {
  const times = shown(1, 10_000);
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  expect(steps.some((step) => step < 0)).toBe(true);
  expect(steps.filter((step) => Math.abs(step - 500) < 1e-6).length).toBeGreaterThan(150);
  expect(times.every((time, i) => Math.abs(time - 500 * i) <= 10_000)).toBe(true);
  expect(shown(1, 10_000)).toEqual(times);
  expect(shown(2, 10_000)).not.toEqual(times);
});

test("where clocks are not apart nobody sets them", () => {
  expect(shown(1, 0)).toEqual(Array.from({ length: 200 }, (_, i) => 500 * i));
});
