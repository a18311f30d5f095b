import { type Cancel, type Clock, nsPerMs } from "./clock.ts";
import { EventQueue, type Queued } from "./event-queue.ts";

/** What was waited for can never come: nothing is left that could happen, or time does not pass. */
export class Standstill extends Error {}

/** No real instant has so many events: something asks for another one again and again, and never waits. */
const mostAtOneInstant = 1_000_000;

/** Turns of the real event loop that are asked for at once: it then takes them without looking for anything else between. */
const turnsAhead = 256;

/**
 * An event loop whose time jumps to what happens next. What is due at one time happens in the order in which it was asked
 * for, and everything that one event sets off (its promises included) is over before the next, so that a run depends on
 * nothing but what is run. Within it, nothing may wait by any other clock, or for input and output of the real world.
 */
export class VirtualTime implements Clock {
  #nowNs = 0;
  #asked = 0;
  #atThisInstant = 0;
  readonly #queue = new EventQueue<() => void>();
  /** What is to happen at the present time, in order. */
  #soon: Queued<() => void>[] = [];
  #soonTaken = 0;

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
    this.#soon.push({ timeNs: this.#nowNs, order: ++this.#asked, what: due });
  }

  /** Lets time pass until the deed is over. Throws Standstill when nothing can bring that about any more. */
  run<Result>(deed: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let over = false;
      const end = (conclude: () => void) => {
        over = true;
        conclude();
      };
      deed().then(
        (result) => end(() => resolve(result)),
        (error) => end(() => reject(error)),
      );
      this.#passUntil(
        () => over,
        (error) => end(() => reject(error)),
      );
    });
  }

  /** An event a turn of the real event loop: between two turns, all promises that can be settled are. */
  #passUntil(isOver: () => boolean, failed: (error: unknown) => void): void {
    let turns = 0;
    const turn = () => {
      turns--;
      if (isOver()) return;
      try {
        this.#happen();
      } catch (error) {
        failed(error);
      }
      if (turns === 0) askForTurns();
    };
    const askForTurns = () => {
      for (; turns < turnsAhead; turns++) setImmediate(turn);
    };
    askForTurns();
  }

  #happen(): void {
    const next = this.#takeNext();
    if (next === null) throw new Standstill(`nothing more happens after ${this.#nowNs / nsPerMs} ms`);
    this.#atThisInstant = next.timeNs === this.#nowNs ? this.#atThisInstant + 1 : 0;
    if (this.#atThisInstant > mostAtOneInstant)
      throw new Standstill(`time does not pass after ${this.#nowNs / nsPerMs} ms: something never waits`);
    this.#nowNs = next.timeNs;
    this.happened++;
    const due = next.what!;
    // It has happened: calling it off makes no difference any more.
    next.what = null;
    due();
  }

  /** What is soon to happen comes at the present time, but behind what was asked for earlier. */
  #takeNext(): Queued<() => void> | null {
    const soon = this.#soon[this.#soonTaken];
    if (soon === undefined || this.#queue.comesBefore(soon)) return this.#queue.takeNext();
    this.#soonTaken++;
    if (this.#soonTaken === this.#soon.length) {
      this.#soon = [];
      this.#soonTaken = 0;
    }
    return soon;
  }
}
