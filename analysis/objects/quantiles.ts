/** Of a sample: least, median, and what 95 %, 99 % and all of it do not exceed. */
export interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Null for an empty sample. */
export function quantilesOf(sample: readonly number[]): Quantiles | null {
  if (sample.length === 0) return null;
  const sorted = Float64Array.from(sample).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { count: sample.length, min: at(0), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
