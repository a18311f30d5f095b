import { outcomes } from "../../../analysis/operations/operation-table.ts";
import type { Timeline } from "../../../analysis/operations/timeline.ts";
import { bucketCount, bucketWidthNs } from "./buckets.ts";
import { samplePoints } from "./sample.ts";
import type { Latency, PointSeries } from "./types.ts";

/** The columns that latencies are told by. */
export type Operations = Pick<Timeline, "invokedNs" | "endedNs" | "outcome">;

type OutcomeName = keyof typeof outcomes;
const mostPoints = { ok: 3000, fail: 1000, info: 1000 };

/** Quantile lines of ok operations, and single operations of every outcome as points. */
export function digestLatency(operations: Operations, durationNs: number): Latency {
  const bucketNs = bucketWidthNs(durationNs);
  const quantiles = quantilesByBucket(operations, bucketNs, bucketCount(durationNs, bucketNs));
  const points = (outcome: OutcomeName): PointSeries => pointsOf(operations, outcome, durationNs);
  return { bucketNs, ...quantiles, points: { ok: points("ok"), fail: points("fail"), info: points("info") } };
}

/** The value below or at which the share `q` of a sorted list lies (nearest rank). */
export function quantile(sorted: Float64Array, q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

function quantilesByBucket(operations: Operations, bucketNs: number, count: number) {
  const rows = endedRows(operations, "ok");
  // Rows are in the order of their invocations, so that those of a bucket lie side by side.
  const values = rows.map((row) => latencyMs(operations, row));
  const sorted: Float64Array[] = [];
  for (let bucket = 0, from = 0; bucket < count; bucket++) {
    let to = from;
    while (to < rows.length && operations.invokedNs[rows[to]!]! < (bucket + 1) * bucketNs) to++;
    sorted.push(values.subarray(from, to).sort());
    from = to;
  }
  const line = (q: number) => sorted.map((values) => roundedOrNull(quantile(values, q)));
  return { p50: line(0.5), p99: line(0.99), max: line(1) };
}

function pointsOf(operations: Operations, outcome: OutcomeName, durationNs: number): PointSeries {
  const rows = endedRows(operations, outcome);
  const times = rows.map((row) => operations.invokedNs[row]!);
  const ms = rows.map((row) => latencyMs(operations, row));
  const kept = samplePoints(times, ms, durationNs, mostPoints[outcome]);
  return {
    total: rows.length,
    seconds: kept.map((at) => Math.round(times[at]! / 1e5) / 1e4),
    ms: kept.map((at) => rounded(ms[at]!)),
  };
}

/** The operations that ended so; of one that never did, nobody knows how long it would have taken. */
function endedRows({ outcome, endedNs }: Operations, name: OutcomeName): Float64Array {
  const rows = new Float64Array(outcome.length);
  let count = 0;
  for (let row = 0; row < outcome.length; row++) {
    if (outcome[row] === outcomes[name] && endedNs[row] !== Number.POSITIVE_INFINITY) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function latencyMs({ invokedNs, endedNs }: Operations, row: number): number {
  return (endedNs[row]! - invokedNs[row]!) / 1e6;
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : rounded(ms);
}

/** Three significant digits: more cannot be seen on a logarithmic axis. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(3));
}
