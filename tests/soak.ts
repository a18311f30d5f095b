import type { SoakSegment } from "../analysis/soak.ts";
import type { SoakMaterial } from "../reports/soak/digest.ts";

const latencyMs = { read: { p50: 1, p95: 5, p99: 9, max: 20 }, write: { p50: 2, p95: 6, p99: 12, max: 30 } };

const segment = (number: number, workload: string): SoakSegment => ({
  ...{ number, workload, seed: number, startedMs: (number - 1) * 60_000, verdict: "valid" },
  ...{ folder: `segments/00${number}-${workload}`, report: `segments/00${number}-${workload}/report.html` },
  summary: "1,200 operations on 8 keys are linearizable; survived 3 faults",
  ...{ operations: { ok: 1170, fail: 20, info: 10 }, faults: { injected: 3, effective: 3 } },
  healthy: { answered: 1000, total: 1000, prompt: 900, seconds: 50, latencyMs },
  faulty: { answered: 170, total: 200, prompt: 100, seconds: 10, latencyMs },
});

/** What the page of a soak of two segments is made from. */
export const soakMaterial: SoakMaterial = {
  soak: {
    ...{ options: {}, workloads: ["register", "append"], timeLimitMs: 120_000, segmentMs: 60_000 },
    ...{ seed: 1, maxMemoryMb: 400, segments: [segment(1, "register"), segment(2, "append")] },
    resources: [0, 60, 120].map((second) => ({ atMs: second * 1000, rssMb: 180 + second / 10, loopDelayMs: 12 })),
  },
  planned: 2,
  command: "npx keelhaul soak --time-limit 120s --segment 60s --seed 1",
};
