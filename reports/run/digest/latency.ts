import { bucketCount, bucketWidthNs } from "./buckets.ts";
import { type OperationColumns, outcomes } from "./operations.ts";
import { samplePoints } from "./sample.ts";
import type { Latency, PointSeries } from "./types.ts";

const mostPoints = { ok: 3000, fail: 1000, info: 1000 };

/** Quantile lines of ok operations, and single operations of every outcome as points. */
export function digestLatency(operations: OperationColumns, durationNs: number): Latency {
  const bucketNs = bucketWidthNs(durationNs);
  const quantiles = quantilesByBucket(operations, bucketNs, bucketCount(durationNs, bucketNs));
  const [ok, fail, info] = outcomes.map((outcome) => pointsOf(operations, outcome, durationNs));
  return { bucketNs, ...quantiles, points: { ok: ok!, fail: fail!, info: info! } };
}

/** The value below or at which the share `q` of a sorted list lies (nearest rank). */
export function quantile(sorted: Float64Array, q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

function quantilesByBucket(operations: OperationColumns, bucketNs: number, count: number) {
  const buckets = Array.from({ length: count }, (): number[] => []);
  operations.invokedNs.forEach((invokedNs, row) => {
    if (outcomes[operations.outcome[row]!] !== "ok") return;
    buckets[Math.floor(invokedNs / bucketNs)]!.push(latencyMs(operations, row));
  });
  const sorted = buckets.map((values) => Float64Array.from(values).sort());
  const line = (q: number) => sorted.map((values) => roundedOrNull(quantile(values, q)));
  return { p50: line(0.5), p99: line(0.99), max: line(1) };
}

function pointsOf(operations: OperationColumns, outcome: (typeof outcomes)[number], durationNs: number): PointSeries {
  const seconds: number[] = [];
  const ms: number[] = [];
  operations.invokedNs.forEach((invokedNs, row) => {
    if (outcomes[operations.outcome[row]!] !== outcome) return;
    seconds.push(invokedNs / 1e9);
    ms.push(latencyMs(operations, row));
  });
  const kept = samplePoints(seconds, ms, durationNs / 1e9, mostPoints[outcome]);
  return {
    total: seconds.length,
    seconds: kept.map((at) => Math.round(seconds[at]! * 1e4) / 1e4),
    ms: kept.map((at) => rounded(ms[at]!)),
  };
}

function latencyMs(operations: OperationColumns, row: number): number {
  return (operations.endedNs[row]! - operations.invokedNs[row]!) / 1e6;
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : rounded(ms);
}

/** Three significant digits: more cannot be seen on a logarithmic axis. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(3));
}
