import { describe, expect, test } from "vitest";
import { judgeSoak, type Resources, type Soak, type SoakSegment } from "./soak.ts";

const segment = (changed: Partial<SoakSegment> = {}): SoakSegment => ({
  ...{ number: 1, workload: "register", seed: 1, startedMs: 0, folder: "segments/001-register", report: null },
  ...{ verdict: "valid", summary: "fine", operations: { ok: 10, fail: 1, info: 1 } },
  ...{ faults: { injected: 2, effective: 2 }, healthy: null, faulty: null },
  ...changed,
});
const soak = (changed: Partial<Soak>): Soak => ({
  ...{ options: {}, workloads: ["register"], timeLimitMs: 1_800_000, segmentMs: 120_000, seed: 1, maxMemoryMb: 400 },
  ...{ segments: [segment(), segment()], resources: [] },
  ...changed,
});
const memory = (...rssMb: readonly number[]): Resources[] =>
  rssMb.map((each, at) => ({ atMs: at * 60_000, rssMb: each, loopDelayMs: 1 }));

describe("a soak", () => {
  test("is valid when every segment is, and memory stayed where it was", () => {
    const calm = soak({ resources: memory(200, 210, 215, 218) });
    expect(judgeSoak(calm, 2)).toEqual({
      verdict: "valid",
      summary: "24 operations in 2 segments are correct; survived 4 faults",
    });
  });

  test("is invalid by the first segment that failed, interrupted or not", () => {
    const segments = [segment(), segment({ number: 2, verdict: "invalid", workload: "append", summary: "G1c" })];
    expect(judgeSoak(soak({ segments }), 9)).toEqual({
      verdict: "invalid",
      summary: "1 of 2 segments failed, the first in append: G1c",
    });
  });

  test("is unknown where segments are missing or open", () => {
    expect(judgeSoak(soak({}), 3)).toMatchObject({
      verdict: "unknown",
      summary: "interrupted when 2 of 3 segments were over",
    });
    expect(judgeSoak(soak({ segments: [] }), 3).verdict).toBe("unknown");
    const segments = [segment(), segment({ number: 2, verdict: "unknown", summary: "too little load" })];
    expect(judgeSoak(soak({ segments }), 2)).toMatchObject({
      verdict: "unknown",
      summary: "segment 2, register: too little load",
    });
  });

  test("is invalid where Keelhaul itself takes too much memory, or ever more of it", () => {
    expect(judgeSoak(soak({ resources: memory(200, 401) }), 2)).toMatchObject({
      verdict: "invalid",
      summary: "the controller took 401 MB of memory; 400 MB are allowed",
    });
    const growing = soak({ resources: memory(100, 200, 200, 230) });
    expect(judgeSoak(growing, 2).summary).toMatch(/grew from 200 MB .* to 230 MB/);
    expect(judgeSoak({ ...growing, timeLimitMs: 120_000 }, 2).verdict).toBe("valid");
  });
});
