import { setTimeout as delay } from "node:timers/promises";

/** The one clock of a run: monotonic nanoseconds since the run began. History times come from nowhere else. */
export interface RunClock {
  nowNs(): number;
  /** Resolves at the time, at once if it has passed; early when the signal aborts. Never rejects. */
  sleepUntilNs(timeNs: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that starts now. */
export function startClock(): RunClock {
  const startedNs = process.hrtime.bigint();
  const nowNs = (): number => Number(process.hrtime.bigint() - startedNs);
  return {
    nowNs,
    sleepUntilNs: async (timeNs, signal) => {
      // A timer may fire a moment early, and then the time has not come yet.
      while (nowNs() < timeNs && !signal?.aborted) {
        await delay(Math.max(0, timeNs - nowNs()) / 1e6, undefined, signal ? { signal } : {}).catch(() => {});
      }
    },
  };
}

export const nsPerMs = 1e6;
