/** How far a clock is ahead of the true one: `offsetMs` at `sinceMs`, and from then on `rate` times as fast. */
export interface Line {
  readonly sinceMs: number;
  readonly offsetMs: number;
  readonly rate: number;
}

/** The true time. */
export const trueTime: Line = { sinceMs: 0, offsetMs: 0, rate: 1 };

export function offsetAt({ sinceMs, offsetMs, rate }: Line, nowMs: number): number {
  return offsetMs + (rate - 1) * (nowMs - sinceMs);
}

/**
 * What libfaketime reads: an offset, and a rate. It counts the rate from the start of the process, so the offset is that
 * of the line at that time.
 */
export function asFaketime(line: Line, processStartMs: number): string {
  const seconds = offsetAt(line, processStartMs) / 1000;
  return `${seconds < 0 ? "" : "+"}${seconds.toFixed(9)} x${line.rate.toFixed(9)}\n`;
}

/** The slowest that a clock runs while it waits for the true time: nearly standing still. */
const slowestRate = 0.05;
const shortestCatchUpMs = 500;
/** Shorter than what a controller waits for one call. */
const longestCatchUpMs = 10_000;

/**
 * The line by which a clock comes back to the true time without a jump, and how long that takes: as long as it drifted, so
 * that no clock of the cluster is ever further off in its rate than the fault was, but at most 10 s where it can.
 */
export function catchUpLine(drift: Line, nowMs: number): { readonly line: Line; readonly takesMs: number } {
  const offsetMs = offsetAt(drift, nowMs);
  const wantedMs = Math.min(longestCatchUpMs, Math.max(shortestCatchUpMs, nowMs - drift.sinceMs));
  const rate = Math.max(slowestRate, 1 - offsetMs / wantedMs);
  return { line: { sinceMs: nowMs, offsetMs, rate }, takesMs: rate === 1 ? 0 : offsetMs / (1 - rate) };
}
