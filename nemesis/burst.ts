import type { RandomStream } from "../random/stream.ts";
import type { Burst } from "./fault.ts";

/** When a fault begins, from the start of the load, and how long it lasts. */
interface Time {
  readonly atMs: number;
  readonly durationMs: number;
}

/** What a burst has to fit into. */
interface BurstSpan {
  readonly most: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When each fault of a burst is due, and how long it lasts: so many at most, and as many as fit into the time, but the
 * first in any case.
 */
export function drawBurst(
  { lasts, pauses }: Burst,
  { most, fromMs, toMs }: BurstSpan,
  electionTimeoutMs: number,
  random: RandomStream,
): Time[] {
  const draw = ([least, longest]: readonly [number, number]): number =>
    random.integer(Math.ceil(least * electionTimeoutMs), Math.ceil(longest * electionTimeoutMs));
  const times: Time[] = [];
  let atMs = fromMs;
  while (times.length < most) {
    const durationMs = Math.max(1, draw(lasts));
    if (times.length > 0 && atMs + durationMs > toMs) break;
    times.push({ atMs, durationMs });
    atMs += durationMs + Math.max(1, draw(pauses));
  }
  return times;
}
