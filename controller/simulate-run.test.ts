import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatEvent } from "../history/writer.ts";
import { makePlan } from "./plan.ts";
import { runTest } from "./run.ts";
import { judgeSimulated, simulateRun } from "./simulate-run.ts";

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-sim-"));
});
afterEach(() => rm(store, { recursive: true }));

const planFor = (seed: number, options: Record<string, unknown> = {}) =>
  makePlan({ system: "memory", backend: "sim", timeLimit: "5s", rate: 100, store, ...options }, seed);

async function historyOf(seed: number): Promise<string> {
  const { events } = await simulateRun(planFor(seed));
  return events.map(formatEvent).join("");
}

test("the same seed gives the same history, byte for byte, in memory and in a run folder, and however busy the machine is", async () => {
  const alone = await historyOf(7);
  const busy = new Worker("for (;;);", { eval: true });
  try {
    expect(await historyOf(7)).toBe(alone);
    const controls = { signal: new AbortController().signal, tell: () => {}, startedAt: new Date(), watched: true };
    const { folder } = await runTest(planFor(7), controls);
    expect(await readFile(join(folder, "history.jsonl"), "utf8")).toBe(alone);
  } finally {
    await busy.terminate();
  }
});

test("another seed gives another history", async () => {
  expect(await historyOf(7)).not.toBe(await historyOf(8));
});

test("a run in memory is judged by the workload's checkers", async () => {
  const judged = async (set: Record<string, unknown>) => {
    const plan = planFor(1, { workload: "counter", set });
    return judgeSimulated(plan, await simulateRun(plan));
  };
  expect(await judged({})).toMatchObject({ verdict: "valid" });
  expect(await judged({ bug: "double-apply" })).toMatchObject({ verdict: "invalid" });
});
