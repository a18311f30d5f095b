import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late the event loop was, in milliseconds: in which everything of a node waits for everything else. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const resolutionMs = 10;
const windowMs = 10_000;

/** Watches the event loop. What it returns tells of the last full ten seconds, or of the time since the start. */
export function watchLoopDelay(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const look = (): LoopDelay => ({
    p50: lateMs(histogram.percentile(50)),
    p99: lateMs(histogram.percentile(99)),
    max: lateMs(histogram.max),
  });
  let last: LoopDelay | null = null;
  const windows = setInterval(() => {
    last = look();
    histogram.reset();
  }, windowMs);
  windows.unref();
  return () => last ?? look();
}

/** The histogram measures from one firing of its timer to the next, so a loop that is idle shows the timer's period. */
function lateMs(betweenFiringsNs: number): number {
  return Math.max(0, Math.round((betweenFiringsNs / 1e6 - resolutionMs) * 100) / 100);
}
