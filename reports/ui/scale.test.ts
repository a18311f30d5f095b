import fc from "fast-check";
import { expect, test } from "vitest";
import { linearScale, niceTicks, stretchedScale } from "./scale.ts";

test("an even scale goes from edge to edge and no further", () => {
  const scale = linearScale(100, 200, 10, 110);
  expect([50, 100, 150, 200, 999].map(scale.toX)).toEqual([10, 10, 60, 110, 110]);
});

test("a stretched scale keeps order, fills the width, and shrinks pauses", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e10 }), { minLength: 2, maxLength: 12 }), (moments) => {
      const sorted = moments.toSorted((a, b) => a - b);
      const xs = sorted.map(stretchedScale(moments, 0, 1000).toX);
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
      expect(xs[0]).toBe(0);
      expect(xs.at(-1)).toBeCloseTo(1000);
    }),
  );
  const { toX } = stretchedScale([0, 4, 1000, 1003], 0, 1000);
  expect(toX(4)).toBeGreaterThan(100);
});

test("ticks are round and within the range", () => {
  expect(niceTicks(0, 30, 10)).toEqual([0, 5, 10, 15, 20, 25, 30]);
  expect(niceTicks(7.3, 7.9, 5)).toHaveLength(3);
});
