import type { LatencySummary } from "./results.ts";

/** The latencies of some operations, in milliseconds; null of none. Sorts them in place. */
export function summarizeLatencies(latenciesMs: Float64Array): LatencySummary | null {
  const count = latenciesMs.length;
  if (count === 0) return null;
  const sorted = latenciesMs.sort();
  const quantile = (share: number): number => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)]!;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) };
}
