import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { analyzeRun } from "../../analysis/analyze-run.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { openHistory } from "../../history/reader.ts";
import { makePlan } from "../plan/plan.ts";
import { runTest } from "./run.ts";

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-in-process-"));
});
afterEach(() => rm(store, { recursive: true }));

async function run(options: Record<string, unknown>): Promise<{ folder: string; events: HistoryEvent[] }> {
  const plan = makePlan({ system: "memory", timeLimit: "500ms", rate: 400, store, ...options }, 1);
  const signal = new AbortController().signal;
  const { folder } = await runTest(plan, { signal, tell: () => {}, startedAt: new Date(), watched: false });
  return { folder, events: [...openHistory(folder)] };
}

test("a workload is set up before its load, carried out, and judged by its own checkers", async () => {
  const { folder, events } = await run({ workload: "bank" });
  const clients = events.filter(({ process }) => typeof process === "number");
  expect(clients.slice(0, 2).map(({ type, f }) => [type, f])).toEqual([
    ["invoke", "open"],
    ["ok", "open"],
  ]);
  expect(clients.filter(({ type, f }) => type === "ok" && f === "transfer").length).toBeGreaterThan(0);
  const { results } = await analyzeRun(folder);
  expect(Object.keys(results.checkers).sort()).toEqual(["availability", "bank", "load", "statistics"]);
  expect(results.verdict).toBe("valid");
});

test("a bug that was switched on is found", async () => {
  const { folder } = await run({ workload: "counter", set: { bug: "double-apply,duplicate-id" } });
  expect((await analyzeRun(folder)).results.verdict).toBe("invalid");
});

test("final reads look at the keys that the load used last", async () => {
  const { events } = await run({ workload: "set" });
  const from = events.findIndex(
    ({ f, value }) => f === "phase" && (value as { phase: string }).phase === "final-reads",
  );
  const added = new Set(events.filter(({ f }) => f === "add").map(({ key }) => key));
  const read = new Set(events.slice(from).flatMap(({ type, key }) => (type === "ok" ? [key] : [])));
  expect([...added].filter((key) => !read.has(key))).toEqual([]);
});
