import { expect, test } from "vitest";
import { groupWarnings } from "./warning-groups.ts";

test("a thousand warnings that differ in a number are one, with the count of the others", () => {
  const alike = Array.from({ length: 1000 }, (_, at) => `load: the client of process ${at} never answered`);
  expect(groupWarnings(["first", ...alike, "last"])).toEqual([
    "first",
    "load: the client of process 0 never answered (and 999 more warnings like this)",
    "last",
  ]);
});

test("a few that are alike are all told", () => {
  const few = ["n1.log: 3 errors", "n2.log: 1 error", "n3.log: 2 errors"];
  expect(groupWarnings(few)).toEqual(few);
});
