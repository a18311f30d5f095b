import type { Logger } from "pino";

const maxLines = 10;
const perMs = 1000;

/** Logs why connections were refused, a few lines a second: strangers must not fill the disk with them. */
export function refusalLog(log: Logger, nowMs: () => number): (reason: string) => void {
  let sinceMs = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let unlogged = 0;
  return (reason) => {
    if (nowMs() - sinceMs >= perMs) {
      sinceMs = nowMs();
      lines = 0;
    }
    if (++lines > maxLines) {
      unlogged++;
      return;
    }
    log.warn({ event: "refused", reason, unlogged }, `connection refused: ${reason}`);
    unlogged = 0;
  };
}
