import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runFiles } from "../../history/test-record.ts";
import { makePlan } from "../plan/plan.ts";
import { runTest } from "./run.ts";

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-determinism-"));
});
afterEach(() => rm(store, { recursive: true }));

const quiet = { signal: new AbortController().signal, tell: () => {}, startedAt: new Date(), watched: false };

/** The run's history, and what each node traced: their sizes and digests, by the names of their files. */
async function filesOf(options: Record<string, unknown>): Promise<Map<string, { bytes: number; sha256: string }>> {
  const { folder } = await runTest(makePlan({ backend: "sim", store, ...options }, 7), quiet);
  const names = (await readdir(join(folder, runFiles.logs))).sort();
  const files = [runFiles.history, ...names.map((name) => join(runFiles.logs, name))];
  const digest = async (file: string) => {
    const content = await readFile(join(folder, file));
    return { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
  };
  return new Map(await Promise.all(files.map(async (file) => [file, await digest(file)] as const)));
}

async function besideBusyThread<Result>(deed: () => Promise<Result>): Promise<Result> {
  const busy = new Worker("for (;;);", { eval: true });
  try {
    return await deed();
  } finally {
    await busy.terminate();
  }
}

const common = { rate: 100, timeLimit: "5s", set: { trace: true, electionTimeoutMs: 200, heartbeatMs: 50 } };
const storm = {
  network: { delayMs: [0, 30], slow: 0.05, lose: 0.02, duplicate: 0.1, reorder: 0.3, resetsPerMinute: 10 },
};

test.each([
  { name: "faults of all kinds", options: { ...common, nodes: 3, nemesis: "all" } },
  {
    name: "snapshots, and members that come and go, in a bad network",
    options: {
      ...{ ...common, nodes: 5, workload: "append", nemesis: "membership,kill,partition" },
      ...{ set: { ...common.set, snapshotEntries: 20, trailingEntries: 0 }, world: storm },
    },
  },
  { name: "a mutant", options: { ...common, mutant: "M28", invariants: false, nodes: 3 } },
])(
  "a run leaves the same history and traces, byte for byte, however busy the machine is: $name",
  async ({ options }) => {
    const alone = await filesOf(options);
    const { nodes } = options;
    const traces = [...alone].filter(([file, { bytes }]) => file.endsWith(".trace.jsonl") && bytes > 10_000);
    expect(traces).toHaveLength(nodes);
    expect(await filesOf(options)).toEqual(alone);
    expect(await besideBusyThread(() => filesOf(options))).toEqual(alone);
  },
);
