import { expect, test } from "vitest";
import { formatBytes, parseBytes } from "./size.ts";

test.each([
  ["500B", 500],
  ["2GB", 2e9],
  ["1.5 MB", 1.5e6],
  ["7kb", 7000],
  ["", null],
  ["2", null],
  ["GB", null],
  ["-1GB", null],
  ["2GiB", null],
])("%j is %j bytes", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test("a size is shown in the largest unit that fits", () => {
  expect([0, 999, 1234, 84_000_000, 1.25e9].map(formatBytes)).toEqual(["0 B", "999 B", "1.2 kB", "84 MB", "1.3 GB"]);
});
