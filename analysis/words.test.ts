import { expect, test } from "vitest";
import { duration, grouped, moment, percent, plural } from "./words.ts";

test("counts are grouped, and nouns follow them", () => {
  expect([grouped(7), grouped(2034), grouped(1_000_000)]).toEqual(["7", "2,034", "1,000,000"]);
  expect([plural(1, "key"), plural(0, "key"), plural(2034, "operation")]).toEqual([
    "1 key",
    "0 keys",
    "2,034 operations",
  ]);
  expect([plural(1, "entry", "entries"), plural(2, "entry", "entries")]).toEqual(["1 entry", "2 entries"]);
});

test("durations come in the unit that reads best", () => {
  expect([0.0009, 1.5, 61.04, 4800, 150_000, 1_799_900].map(duration)).toEqual([
    ...["1 µs", "1.5 ms", "61 ms", "4.8 s", "2 min 30 s", "30 min"],
  ]);
});

test("a moment is given to the millisecond", () => {
  expect([0, 3_074_400_000, 12_000_000_000].map(moment)).toEqual(["0.000 s", "3.074 s", "12.000 s"]);
});

test("a share is rounded, but never to none or to all", () => {
  expect([percent(2034, 2034), percent(994, 1000), percent(0, 5), percent(0.9)]).toEqual([
    ...["100 %", "99.4 %", "0 %", "90 %"],
  ]);
  expect([percent(9999, 10_000), percent(1, 10_000), percent(0, 0)]).toEqual(["99.9 %", "0.1 %", "0 %"]);
});
