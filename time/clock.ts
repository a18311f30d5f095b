/** Calls off what was to happen. Safe to call at any time. */
export type Cancel = () => void;

/**
 * A monotonic clock, and what waits by it. Whatever waits in Keelhaul waits by one of these, so that the same code runs in
 * virtual time.
 */
export interface Clock {
  /** Nanoseconds since the clock began. */
  nowNs(): number;
  /** Calls back once when the delay is over, never within this call. */
  after(delayMs: number, due: () => void): Cancel;
  /** Calls back behind everything that is due already: in the next turn of the event loop. */
  soon(due: () => void): void;
}

export const nsPerMs = 1e6;

/** A clock that begins now. Its timers keep the process alive. */
export function wallClock(): Clock {
  return wallClockFrom(process.hrtime.bigint());
}

/** The clock that all processes of this machine share, so that what they note of it can be compared. */
export function machineClock(): Clock {
  return wallClockFrom(0n);
}

/** The same clock with its start moved: it reads `timeNs` now. */
export function clockAt(timeNs: number, clock: Clock): Clock {
  const addedNs = timeNs - clock.nowNs();
  return {
    nowNs: () => clock.nowNs() + addedNs,
    after: (delayMs, due) => clock.after(delayMs, due),
    soon: (due) => clock.soon(due),
  };
}

function wallClockFrom(beganNs: bigint): Clock {
  return {
    nowNs: () => Number(process.hrtime.bigint() - beganNs),
    after: (delayMs, due) => {
      const timer = setTimeout(due, delayMs);
      return () => clearTimeout(timer);
    },
    soon: (due) => void setImmediate(due),
  };
}

export function nowMs(clock: Pick<Clock, "nowNs">): number {
  return clock.nowNs() / nsPerMs;
}

/** Resolves at the time, at once if it has passed; early when the signal aborts. Never rejects. */
export async function sleepUntilNs(clock: Clock, timeNs: number, signal?: AbortSignal): Promise<void> {
  // Clocks know no parts of nanoseconds: one that is left would never pass, one that is dropped has not passed.
  const dueNs = Math.ceil(timeNs);
  // A timer may fire a moment early, and then the time has not come yet.
  for (let leftNs = dueNs - clock.nowNs(); leftNs > 0 && !signal?.aborted; leftNs = dueNs - clock.nowNs()) {
    await wait(clock, leftNs / nsPerMs, signal);
  }
}

export function sleepMs(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return sleepUntilNs(clock, clock.nowNs() + delayMs * nsPerMs, signal);
}

/** Calls back again and again, each time a period after the last. */
export function repeat(clock: Clock, periodMs: number, due: () => void): Cancel {
  const again = () => {
    cancel = clock.after(periodMs, again);
    due();
  };
  let cancel = clock.after(periodMs, again);
  return () => cancel();
}

/** Resolves in the next turn of the event loop. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.soon(resolve));
}

function wait(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      cancel();
      signal?.removeEventListener("abort", over);
      resolve();
    };
    const cancel = clock.after(delayMs, over);
    signal?.addEventListener("abort", over);
  });
}
