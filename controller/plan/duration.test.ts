import { expect, test } from "vitest";
import { formatDurationMs, parseDurationMs } from "./duration.ts";

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5s", 1500],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["7d", 604_800_000],
])("%s is %i ms", (text, durationMs) => expect(parseDurationMs(text)).toBe(durationMs));

test.each(["", "soon", "30", "s", "30 s", "-5s", "5s later"])("%j is no duration", (text) => {
  expect(parseDurationMs(text)).toBeNull();
});

test.each([
  [850, "850ms"],
  [12_400, "12.4s"],
  [30_000, "30s"],
  [200_000, "3m 20s"],
])("%i ms reads as %s", (durationMs, text) => expect(formatDurationMs(durationMs)).toBe(text));
