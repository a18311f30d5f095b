import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import { RotatingKeys } from "./rotating-keys.ts";

test("a key gives way to a new one after so many uses, and so many are in use at a time", () => {
  const keys = new RotatingKeys({ prefix: "k", active: 3, usesPerKey: 10, random: randomStream(1, "test") });
  const used = Array.from({ length: 300 }, () => keys.use());
  const counts = [...Map.groupBy(used, (key) => key).values()].map(({ length }) => length);
  expect(Math.max(...counts)).toBe(10);
  expect(counts.filter((count) => count < 10).length).toBeLessThanOrEqual(3);
  expect(used.every((key) => /^k\d+$/.test(key))).toBe(true);
});

test("a key that was retired is used no more", () => {
  const keys = new RotatingKeys({ prefix: "k", active: 2, usesPerKey: 100, random: randomStream(1, "test") });
  const key = keys.use();
  keys.retire(key);
  expect(keys.has(key)).toBe(false);
  expect(Array.from({ length: 50 }, () => keys.use())).not.toContain(key);
});
