import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PhaseRecord } from "../history/annotations.ts";
import { openHistory } from "../history/reader.ts";
import { type Progress, runTest } from "../index.ts";

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-fail-fast-"));
});
afterEach(() => rm(store, { recursive: true }));

/** The phases that a run went through. */
function phasesOf(folder: string): string[] {
  return [...openHistory(folder)].flatMap(({ f, value }) => (f === "phase" ? [(value as PhaseRecord).phase] : []));
}

test("stops at the first violation, with its explanation, and leaves out the final reads", async () => {
  const told: Progress[] = [];
  const options = { readMode: "local", timeLimit: "5m", failFast: true, seed: 1, store } as const;
  const { folder, results } = await runTest(options, { tell: (progress) => told.push(progress) });
  expect(results).toMatchObject({
    verdict: "invalid",
    warnings: [expect.stringMatching(/^stopped at the first violation, after [\d.]+ s of 5 min$/)],
  });
  expect(phasesOf(folder)).toEqual(["start", "load", "violated", "stop", "end"]);
  const alarms = told.flatMap((progress) =>
    progress.type === "so-far" && progress.verdict === "invalid" ? [progress.summary] : [],
  );
  expect(alarms).toHaveLength(2);
  expect(alarms[1]).toMatch(/^register: (key "k\d" is|\d of \d keys are) not linearizable: n\d answered /);
});

test("without it a violation is told of, and the run goes on to its end", async () => {
  const told: Progress[] = [];
  const options = { system: "memory", set: { bug: "stale-replica" }, timeLimit: "3s", seed: 1, store } as const;
  const { folder } = await runTest(options, { tell: (progress) => told.push(progress) });
  expect(told).toContainEqual(expect.objectContaining({ type: "so-far", verdict: "invalid" }));
  expect(phasesOf(folder)).toEqual(["start", "load", "final-reads", "stop", "end"]);
});
