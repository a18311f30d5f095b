import { formatDurationMs } from "../controller/plan/duration.ts";

interface Pace {
  /** How many are done, and how many are not. */
  readonly done: number;
  readonly left: number;
  readonly beganMs: number;
  /** When the last one was done. */
  readonly doneMs: number;
  readonly nowMs: number;
}

/** How long the rest takes if it goes on as before, in whole seconds; at least one while something is left. */
export function timeLeft({ done, left, beganMs, doneMs, nowMs }: Pace): string {
  const restMs = ((doneMs - beganMs) / done) * left - (nowMs - doneMs);
  return formatDurationMs(left === 0 ? 0 : Math.max(1000, Math.round(restMs / 1000) * 1000));
}
