/** Time that passes only when everybody waits for it: a test of seconds takes milliseconds, and is the same each time. */
export class VirtualTime {
  nowMs = 0;
  readonly #waiting: { readonly untilMs: number; readonly wake: () => void }[] = [];

  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => {
      const untilMs = this.nowMs + durationMs;
      const place = this.#waiting.findIndex((other) => other.untilMs > untilMs);
      this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, { untilMs, wake });
    });
  }

  /** Goes from one sleeper to the next until the deed is done. Rejects when it waits for something else than time. */
  async during(deed: Promise<void>): Promise<void> {
    let over = false;
    const ended = deed.finally(() => {
      over = true;
    });
    ended.catch(() => undefined);
    for (;;) {
      await untilSettled();
      if (over) return ended;
      const next = this.#waiting.shift();
      if (next === undefined) throw new Error("everybody waits, and nobody for the time");
      this.nowMs = next.untilMs;
      next.wake();
    }
  }
}

/** Lets everything happen that needs no time. */
function untilSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
