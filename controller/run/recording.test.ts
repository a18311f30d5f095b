import { expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { wallClock } from "../../time/clock.ts";
import type { Progress } from "./progress.ts";
import { openRecording } from "./recording.ts";

test("phases, operations and warnings go into one history, in order, and are told", async () => {
  const told: Progress[] = [];
  const written: HistoryEvent[] = [];
  const recording = openRecording(
    wallClock(),
    { write: (event) => void written.push(event), flush: () => {}, lost: new AbortController().signal },
    (progress) => told.push(progress),
    () => {},
  );
  recording.phase({ phase: "start" });
  recording.record({ process: 3, type: "invoke", f: "write", key: "k", value: 1 });
  recording.record({ process: 3, type: "ok", f: "write", key: "k", value: 1 });
  recording.warn("n2: its log could not be copied");
  expect(written.map(({ index, process, f }) => [index, process, f])).toEqual([
    [0, "controller", "phase"],
    [1, 3, "write"],
    [2, 3, "write"],
    [3, "controller", "warning"],
  ]);
  expect(told).toEqual([
    { type: "operation", outcome: "ok" },
    { type: "warning", warning: "n2: its log could not be copied" },
  ]);
});

test("a client that never answers, or throws, is named with process, operation and key", async () => {
  const told: Progress[] = [];
  const written: HistoryEvent[] = [];
  const recording = openRecording(
    wallClock(),
    { write: (event) => void written.push(event), flush: () => {}, lost: new AbortController().signal },
    (progress) => told.push(progress),
    () => {},
  );
  recording.record({ process: 7, type: "info", f: "cas", key: "k2", error: "client-stuck" });
  recording.record({ process: 8, type: "info", f: "read", key: "k2", error: "client-error", detail: "boom" });
  expect(told).toContainEqual({
    type: "warning",
    warning: "load: the client of process 8 threw in its read of k2: boom",
  });
  expect(told).toContainEqual({
    type: "warning",
    warning: "load: the client of process 7 never answered its cas of k2, not even with a timeout",
  });
});
