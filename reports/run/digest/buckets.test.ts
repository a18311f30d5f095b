import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCount, bucketWidthNs } from "./buckets.ts";

test.each([
  ["an empty run", 0, 10],
  ["30 s", 30e9, 200],
  ["30 min", 1800e9, 20_000],
])("%s is counted in stretches of %# ms", (_, durationNs, widthMs) => {
  expect(bucketWidthNs(durationNs) / 1e6).toBe(widthMs);
});

test("few buckets cover any run, its last moment included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 }), (durationNs) => {
      const bucketNs = bucketWidthNs(durationNs);
      const count = bucketCount(durationNs, bucketNs);
      expect(count).toBeLessThanOrEqual(151);
      expect(Math.floor(durationNs / bucketNs)).toBeLessThan(count);
    }),
  );
});
