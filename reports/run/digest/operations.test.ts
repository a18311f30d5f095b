import { expect, test } from "vitest";
import { timelineOf } from "../../../analysis/operations/timeline.ts";
import { countOutcomes } from "./operations.ts";

test("an operation that never ended counts as info", () => {
  const timeline = timelineOf([
    { index: 0, time: 10, process: 1, type: "invoke", f: "read" },
    { index: 1, time: 20, process: 2, type: "invoke", f: "write", value: 1 },
    { index: 2, time: 30, process: 2, type: "fail", f: "write", value: 1, error: "not-leader" },
  ]);
  expect(countOutcomes(timeline)).toEqual({ ok: 0, fail: 1, info: 1 });
});

test("what the harness recorded is no operation", () => {
  const timeline = timelineOf([{ index: 0, time: 10, process: "nemesis", type: "info", f: "kill" }]);
  expect(countOutcomes(timeline)).toEqual({ ok: 0, fail: 0, info: 0 });
});
