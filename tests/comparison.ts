import type { ComparedRun } from "../analysis/comparison.ts";
import type { ServiceCounts } from "../analysis/results.ts";
import type { ComparisonMaterial } from "../reports/compare/digest/compare.ts";

function service(readMs: number, promptShare: number): ServiceCounts {
  const latency = { p50: readMs, p95: 2 * readMs, p99: 3 * readMs, max: 4 * readMs };
  return {
    ...{ answered: 100, total: 100, prompt: 100 * promptShare, seconds: 10 },
    latencyMs: { read: latency, write: { ...latency, p50: 2 * readMs } },
  };
}

export function comparedRun(changed: Partial<ComparedRun>): ComparedRun {
  return {
    ...{
      values: ["lease"],
      repetition: 0,
      seed: 7,
      folder: "../compare-lease/1",
      report: "../compare-lease/1/report.html",
    },
    ...{
      verdict: "valid",
      summary: "100 operations are linearizable",
      healthy: service(5, 1),
      faulty: service(50, 0.6),
    },
    recoveriesMs: [200, 400, null],
    staleReads: { count: 0, maxVersions: 0, maxMilliseconds: 0 },
    faults: { injected: 2, effective: 2 },
    ...changed,
  };
}

const stale: Partial<ComparedRun> = {
  ...{ values: ["local"], verdict: "invalid", summary: "2 reads were stale", faulty: service(4, 0.9) },
  staleReads: { count: 2, maxVersions: 12, maxMilliseconds: 800 },
  recoveriesMs: [300],
};

/** A comparison of two read modes, in the order in which its runs were done. */
export const comparison: ComparisonMaterial = {
  axes: [{ option: "readMode", values: ["local", "lease"] }],
  ...{ options: {}, repetitions: 2, seed: 7, interrupted: false },
  command: "npx keelhaul compare --axis 'read-mode=local,lease' --repeat 2 --seed 7",
  runs: [
    comparedRun({ ...stale, healthy: service(1, 1) }),
    comparedRun({}),
    comparedRun({ repetition: 1, seed: 8 }),
    comparedRun({ ...stale, healthy: service(3, 1), repetition: 1, seed: 8, report: null }),
  ],
};
