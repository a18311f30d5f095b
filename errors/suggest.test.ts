import { expect, test } from "vitest";
import { closest } from "./suggest.ts";

const names = ["partition", "kill", "pause", "read-index", "log", "local", "stale-replica", "atMs", "M24"];

test.each([
  ["partitoin", "partition"],
  ["readindex", "read-index"],
  ["READ_INDEX", "read-index"],
  ["lgo", "log"],
  ["stale", "stale-replica"],
  ["at", "atMs"],
  ["m24", "M24"],
  ["earthquake", null],
  ["", null],
  ["-", null],
])("%j was meant to be %j", (typed, meant) => {
  expect(closest(typed, names)).toBe(meant);
});

test("nothing is near where there are no names", () => {
  expect(closest("partition", [])).toBeNull();
});
