import { expect, test } from "vitest";
import { weaknesses } from "./weaknesses.ts";

const settings = (readMode: string, knobs: Record<string, unknown> = {}) =>
  weaknesses({ readMode, knobs }).map(({ setting }) => setting);

test("what asks a majority and waits for the disk gives nothing up", () => {
  expect(["log", "read-index", "follower"].flatMap((mode) => settings(mode))).toEqual([]);
});

test("unsafe reads and writes that wait for no disk are weaknesses; a lease is one only beside clock faults", () => {
  expect(settings("local", { fsync: false })).toEqual(["--read-mode local", "--set fsync=false"]);
  expect(settings("leader")).toEqual(["--read-mode leader"]);
  expect(weaknesses({ readMode: "lease", knobs: {} })).toMatchObject([{ beside: ["clock", "suspend"] }]);
});
