import fc from "fast-check";
import { expect, test } from "vitest";
import { samplePoints } from "./sample.ts";

const points = fc.array(
  fc.record({ time: fc.integer({ min: 0, max: 1000 }), value: fc.integer({ min: 0, max: 1e6 }) }),
  {
    maxLength: 600,
  },
);

test("few points all stay, in order of time", () => {
  expect(samplePoints([3, 1, 2], [10, 20, 30], 3, 100)).toEqual([1, 2, 0]);
});

test("a sample is small enough, ordered, and keeps the highest and the lowest value", () => {
  fc.assert(
    fc.property(points, (all) => {
      const times = all.map(({ time }) => time);
      const values = all.map(({ value }) => value);
      const kept = samplePoints(times, values, 1000, 80);
      expect(kept.length).toBeLessThanOrEqual(80);
      expect(new Set(kept).size).toBe(kept.length);
      expect(kept.map((at) => times[at]!)).toEqual(kept.map((at) => times[at]!).toSorted((a, b) => a - b));
      if (all.length === 0) return;
      expect(Math.max(...kept.map((at) => values[at]!))).toBe(Math.max(...values));
      expect(Math.min(...kept.map((at) => values[at]!))).toBe(Math.min(...values));
    }),
  );
});
