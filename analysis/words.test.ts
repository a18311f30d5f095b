import { expect, test } from "vitest";
import { grouped, percent, plural } from "./words.ts";

test("counts are grouped, and nouns follow them", () => {
  expect([grouped(7), grouped(2034), grouped(1_000_000)]).toEqual(["7", "2,034", "1,000,000"]);
  expect([plural(1, "key"), plural(0, "key"), plural(2034, "operation")]).toEqual([
    "1 key",
    "0 keys",
    "2,034 operations",
  ]);
});

test("a share is rounded, but never to none or to all", () => {
  expect([percent(2034, 2034), percent(994, 1000), percent(0, 5), percent(0.9)]).toEqual([
    ...["100 %", "99.4 %", "0 %", "90 %"],
  ]);
  expect([percent(9999, 10_000), percent(1, 10_000), percent(0, 0)]).toEqual(["99.9 %", "0.1 %", "0 %"]);
});
