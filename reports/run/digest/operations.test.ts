import { expect, test } from "vitest";
import type { HistoryEvent } from "../../../history/event.ts";
import { OperationCollector } from "./operations.ts";

function collect(...events: readonly Omit<HistoryEvent, "index">[]): OperationCollector {
  const collector = new OperationCollector();
  events.forEach((event, index) => {
    collector.add({ index, ...event });
  });
  return collector;
}

test("an invocation and its completion become one row", () => {
  const operations = collect(
    { time: 10, process: 1, type: "invoke", f: "read" },
    { time: 20, process: 2, type: "invoke", f: "write", value: 1 },
    { time: 30, process: 2, type: "fail", f: "write", value: 1, error: "not-leader" },
    { time: 45, process: 1, type: "ok", f: "read", value: null },
  );
  const { invokedNs, endedNs, outcome } = operations.columns();
  expect([[...invokedNs], [...endedNs], [...outcome]]).toEqual([
    [20, 10],
    [30, 45],
    [1, 0],
  ]);
  expect(operations.errors()).toEqual({ "not-leader": 1 });
});

test("an operation that never ended counts as info, without a row", () => {
  const operations = collect({ time: 10, process: 1, type: "invoke", f: "read" });
  expect(operations.counts()).toEqual({ ok: 0, fail: 0, info: 1 });
  expect(operations.columns().endedNs).toHaveLength(0);
});

test("the harness's own voices are no operations", () => {
  const operations = collect({ time: 10, process: "nemesis", type: "info", f: "kill" });
  expect(operations.counts()).toEqual({ ok: 0, fail: 0, info: 0 });
});
