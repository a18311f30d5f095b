import { expect, test } from "vitest";
import { timelineOf } from "../../../analysis/operations/timeline.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "./run.ts";

test("an invalid run brings its violations with roles and faults of that time", () => {
  const digest = digestRun(syntheticRun({ seed: 3, verdict: "invalid" }));
  const [stale] = digest.violations;
  expect(digest.verdict).toBe("invalid");
  expect(stale).toMatchObject({ kind: "stale-read", key: "k9", checker: "register", faultIds: [1] });
  const leaders = stale!.nodes.filter(({ segments }) => segments.some(({ role }) => role === "leader"));
  expect(leaders.map(({ node }) => node)).toEqual(["n1", "n3"]);
});

test("errors are explained, most frequent first", () => {
  const { errors } = digestRun(syntheticRun({ seed: 3, verdict: "valid" }));
  expect(errors[0]).toMatchObject({ code: "cas-mismatch", certain: true });
  expect(errors.map(({ count }) => count)).toEqual(errors.map(({ count }) => count).toSorted((a, b) => b - a));
});

test("without a plan and results the history alone makes a digest, of unknown verdict", () => {
  const { timeline } = syntheticRun({ seed: 3, verdict: "valid" });
  const digest = digestRun({ test: null, results: null, timeline });
  expect(digest).toMatchObject({ test: null, analysed: false, verdict: "unknown", checkers: [], violations: [] });
  expect(digest.essentials.faults).toEqual({ injected: 4, effective: 3 });
  expect(digest.essentials.elections).toBe(3);
  expect(digest.essentials.operations.ok).toBeGreaterThan(3000);
});

test("an empty history makes a digest", () => {
  const digest = digestRun({ test: null, results: null, timeline: timelineOf([]) });
  expect(digest.essentials).toMatchObject({ operations: { ok: 0, fail: 0, info: 0 }, durationNs: 0 });
});

test("warnings of a run without results come from its history, without folders", () => {
  const warning = { warning: "reading /home/someone/store/a/history.jsonl:7 stopped early" };
  const history: HistoryEvent[] = [
    { index: 0, time: 1, process: "controller", type: "info", f: "warning", value: warning },
  ];
  expect(digestRun({ test: null, results: null, timeline: timelineOf(history) }).warnings).toEqual([
    "reading history.jsonl:7 stopped early",
  ]);
});

test("the digest of 300 000 operations stays small", () => {
  const digest = digestRun({ test: null, results: null, timeline: timelineOf(manyOperations(300_000)) });
  expect(digest.essentials.operations.ok).toBe(300_000);
  expect(JSON.stringify(digest).length).toBeLessThan(500_000);
});

function* manyOperations(count: number): Iterable<HistoryEvent> {
  for (let at = 0; at < count; at++) {
    const time = at * 100_000;
    yield { index: 2 * at, time, process: 1, type: "invoke", f: "read" };
    yield { index: 2 * at + 1, time: time + 50_000 + ((at * 7919) % 49_000), process: 1, type: "ok", f: "read" };
  }
}
