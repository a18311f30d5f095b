import type { TestRecord } from "../test-record.ts";

/** The record of a small run, with what a test says of it. */
export function aTestRecord(known: Partial<TestRecord> = {}): TestRecord {
  return {
    ...{
      keelhaul: "1.0.0",
      name: "register",
      startedAt: "2026-01-02T03:04:05.678Z",
      seed: 7,
      command: "keelhaul test",
    },
    ...{ system: "raft", readMode: "read-index", knobs: {}, electionTimeoutMs: 1000, backend: "local", nodes: ["n1"] },
    ...{ workloads: ["register"], timeLimitMs: 1000, rate: 10, concurrency: 1, faults: [] },
    versions: { node: "v24.0.0", platform: "linux x64" },
    ...known,
  };
}
