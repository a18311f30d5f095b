import { expect, test } from "vitest";
import { timelineOf } from "./timeline.ts";

test("an operation is a row with its two times, in the order of invocations", () => {
  const { invokedNs, endedNs, errors, endNs } = timelineOf([
    { index: 0, time: 10, process: 1, type: "invoke", f: "read" },
    { index: 1, time: 20, process: 2, type: "invoke", f: "write", value: 1 },
    { index: 2, time: 30, process: 2, type: "info", f: "write", value: 1, error: "timeout" },
    { index: 3, time: 45, process: 1, type: "ok", f: "read", value: null },
    { index: 4, time: 50, process: 1, type: "invoke", f: "read" },
    { index: 5, time: 60, process: "nemesis", type: "info", f: "kill" },
  ]);
  expect([[...invokedNs], [...endedNs]]).toEqual([
    [10, 20, 50],
    [45, 30, Number.POSITIVE_INFINITY],
  ]);
  expect(errors).toEqual({ timeout: 1 });
  expect(endNs).toBe(60);
});

test("a history that is damaged is told of up to there", () => {
  const { invokedNs, damage } = timelineOf([
    { index: 0, time: 10, process: 1, type: "invoke", f: "read" },
    { index: 0, time: 20, process: 2, type: "invoke", f: "read" },
  ]);
  expect([...invokedNs]).toEqual([10]);
  expect(damage?.message).toBe("history:2: found index 0, expected an index above 0");
});

test("its columns are shared with the thread that gets them", () => {
  const { invokedNs } = timelineOf([{ index: 0, time: 10, process: 1, type: "invoke", f: "read" }]);
  structuredClone(invokedNs)[0] = 11;
  expect(invokedNs[0]).toBe(11);
});
