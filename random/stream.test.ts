import { expect, test } from "vitest";
import { randomStream } from "./stream.ts";

const draws = (seed: number, purpose: string) => {
  const random = randomStream(seed, purpose);
  return Array.from({ length: 20 }, () => random.integer(0, 1000));
};

test("the same seed and purpose give the same draws", () => {
  expect(draws(7, "nemesis")).toEqual(draws(7, "nemesis"));
});

test("another seed or another purpose gives other draws", () => {
  expect(draws(7, "nemesis")).not.toEqual(draws(8, "nemesis"));
  expect(draws(7, "nemesis")).not.toEqual(draws(7, "workload"));
});

test("a shuffle keeps every item once, and reaches every order", () => {
  const random = randomStream(1, "shuffle");
  const orders = new Set<string>();
  for (let round = 0; round < 200; round++) orders.add(random.shuffle(["a", "b", "c"]).join(""));
  expect([...orders].sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
});

test("picking from nothing is refused", () => {
  expect(() => randomStream(1, "pick").pick([])).toThrow(RangeError);
});
