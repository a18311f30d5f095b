import type { Cancel, Clock } from "../../../time/clock.ts";

/** How a node's clock runs: `offsetNs` ahead of virtual time, and so many times as fast. */
export interface Skew {
  readonly offsetNs: number;
  readonly rate: number;
}

type Deed = () => void;

const nothing: readonly Deed[] = [];

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
  #isInTurn = false;
  /** What is to be done at the end of the turn under way. */
  #endOfTurn: readonly Deed[] = nothing;

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
    const cancel = this.#time.after(delayMs / this.#skew.rate, () => {
      if (this.#state === "running") this.#takeTurn(due);
      else {
        this.#wait(this.#timers, () => {
          if (!cancelled) due();
        });
      }
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  /** At the end of the turn under way; what promises ask for, and the end of a turn, comes in the next one. */
  soon(due: Deed): void {
    if (this.#isInTurn) this.#endOfTurn = [...this.#endOfTurn, due];
    else this.#time.soon(() => this.#finish(due));
  }

  /** Something comes from outside: the process hears of it now, or when it goes on. */
  arrive(deed: Deed): void {
    if (this.#state === "running") this.#takeTurn(deed);
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

  /** One event of the process's loop, and what it asked for behind itself: a single event of virtual time. */
  #takeTurn(deed: Deed): void {
    this.#isInTurn = true;
    let end = nothing;
    try {
      deed();
    } finally {
      this.#isInTurn = false;
      end = this.#endOfTurn;
      this.#endOfTurn = nothing;
    }
    for (const due of end) this.#finish(due);
  }

  #finish(due: Deed): void {
    if (this.#state === "running") due();
    else this.#wait(this.#turns, due);
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
