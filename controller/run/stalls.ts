import type { StallRecord } from "../../history/annotations.ts";
import { type Clock, nsPerMs, repeat } from "../../time/clock.ts";

const lookEveryMs = 50;

/**
 * Notices when this process itself stands still for longer than `limitMs`: a processor that is too busy, or a machine
 * that slept. Clients then time out on answers that have long been there. Returns what ends it.
 */
export function watchStalls(clock: Clock, limitMs: number, hear: (stall: StallRecord) => void): () => void {
  let last = clock.nowNs();
  return repeat(clock, lookEveryMs, () => {
    const now = clock.nowNs();
    const stalledMs = (now - last) / nsPerMs - lookEveryMs;
    last = now;
    if (stalledMs > limitMs) hear({ stalledMs });
  });
}
