import type { Cancel, Clock } from "../../../time/clock.ts";

/** How a node's clock runs: `offsetNs` ahead of virtual time, and so many times as fast. */
export interface Skew {
  readonly offsetNs: number;
  readonly rate: number;
}

type Deed = () => void;

/**
 * A process in virtual time, as its event loop sees the world: a clock of its own, and what arrives from outside. While it
 * is paused everything waits. When it goes on, it first ends the turn that it was in, then hears what its sockets and its
 * disk hold, in the order in which that came, and only then looks at its timers: as Node's event loop does when the
 * kernel lets it run again. Once it has ended nothing happens in it any more.
 */
export class VirtualProcess implements Clock {
  readonly #time: Clock;
  readonly #skew: Skew;
  #state: "running" | "paused" | "ended" = "running";
  #turns: Deed[] = [];
  #arrivals: Deed[] = [];
  #timers: Deed[] = [];

  constructor(time: Clock, skew: Skew) {
    this.#time = time;
    this.#skew = skew;
  }

  get state(): "running" | "paused" | "ended" {
    return this.#state;
  }

  nowNs(): number {
    return Math.round(this.#time.nowNs() * this.#skew.rate) + this.#skew.offsetNs;
  }

  after(delayMs: number, due: Deed): Cancel {
    let cancelled = false;
    const fire = () => {
      if (!cancelled) due();
    };
    const cancel = this.#time.after(delayMs / this.#skew.rate, () => {
      if (this.#state === "running") due();
      else this.#wait(this.#timers, fire);
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  soon(due: Deed): void {
    this.#time.soon(() => {
      if (this.#state === "running") due();
      else this.#wait(this.#turns, due);
    });
  }

  /** Something comes from outside: the process hears of it now, or when it goes on. */
  arrive(deed: Deed): void {
    if (this.#state === "running") deed();
    else this.#wait(this.#arrivals, deed);
  }

  pause(): void {
    if (this.#state === "running") this.#state = "paused";
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "running";
    const waiting = [...this.#turns, ...this.#arrivals, ...this.#timers];
    this.#forget();
    for (const deed of waiting) this.#time.soon(() => this.arrive(deed));
  }

  end(): void {
    this.#state = "ended";
    this.#forget();
  }

  #wait(queue: Deed[], deed: Deed): void {
    if (this.#state === "paused") queue.push(deed);
  }

  #forget(): void {
    this.#turns = [];
    this.#arrivals = [];
    this.#timers = [];
  }
}
