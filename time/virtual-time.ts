import { type Cancel, type Clock, nsPerMs } from "./clock.ts";
import { EventQueue } from "./event-queue.ts";

/** Nothing is left that could happen, and what was waited for has not come. */
export class Standstill extends Error {}

/**
 * An event loop whose time jumps to what happens next. What is due at one time happens in the order in which it was asked
 * for, and everything that one event sets off (its promises included) is over before the next, so that a run depends on
 * nothing but what is run. Within it, nothing may wait by any other clock, or for input and output of the real world.
 */
export class VirtualTime implements Clock {
  #nowNs = 0;
  #asked = 0;
  readonly #queue = new EventQueue<() => void>();

  nowNs(): number {
    return this.#nowNs;
  }

  /** Events that have happened, for telling how fast a simulation is. */
  happened = 0;

  after(delayMs: number, due: () => void): Cancel {
    const event = this.#queue.add(this.#nowNs + Math.max(0, Math.round(delayMs * nsPerMs)), ++this.#asked, due);
    return () => this.#queue.cancel(event);
  }

  soon(due: () => void): void {
    this.#queue.add(this.#nowNs, ++this.#asked, due);
  }

  /** Lets time pass until the deed is over. Throws Standstill when nothing is left that could bring that about. */
  async run<Result>(deed: () => Promise<Result>): Promise<Result> {
    let over = false;
    const result = deed().finally(() => {
      over = true;
    });
    await settled();
    while (!over) {
      const next = this.#queue.takeNext();
      if (next === null) throw new Standstill(`nothing more happens after ${this.#nowNs / nsPerMs} ms`);
      this.#nowNs = next.timeNs;
      this.happened++;
      next.what();
      await settled();
    }
    return result;
  }
}

/** Behind all promises that can be settled by now. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
