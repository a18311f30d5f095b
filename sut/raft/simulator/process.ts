import { type Cancel, type Clock, nsPerMs } from "../../../time/clock.ts";
import type { ClockFaults } from "./clock-faults.ts";

/** How a node's clock runs: `offsetNs` ahead of virtual time, and so many times as fast. */
export interface Skew {
  readonly offsetNs: number;
  readonly rate: number;
}

/** What faults do to its monotonic clock. */
type RateFaults = Pick<ClockFaults, "monotonicAheadMs" | "monotonicRate" | "changes">;

const noFaults: RateFaults = { monotonicAheadMs: 0, monotonicRate: 1, changes: 0 };

/** A timer on a clock that runs at another rate looks again after this, as the rate may change once more. */
const longestBlindMs = 10;

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
  readonly #faults: RateFaults;
  #state: "running" | "paused" | "ended" = "running";
  #turns: Deed[] = [];
  #arrivals: Deed[] = [];
  #timers: Deed[] = [];
  #isInTurn = false;
  /** What is to be done at the end of the turn under way. */
  #endOfTurn: readonly Deed[] = nothing;

  constructor(time: Clock, skew: Skew, faults: RateFaults = noFaults) {
    this.#time = time;
    this.#skew = skew;
    this.#faults = faults;
  }

  get state(): "running" | "paused" | "ended" {
    return this.#state;
  }

  nowNs(): number {
    const aheadNs = Math.round(this.#faults.monotonicAheadMs * nsPerMs);
    return Math.round(this.#time.nowNs() * this.#skew.rate) + this.#skew.offsetNs + aheadNs;
  }

  after(delayMs: number, due: Deed): Cancel {
    let cancelled = false;
    const cancel = this.#ring(delayMs, () => {
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

  /** Calls when the delay is over by the process's own clock, also where that changes its rate meanwhile. */
  #ring(delayMs: number, due: Deed): Cancel {
    const { changes, monotonicRate } = this.#faults;
    const dueNs = this.nowNs() + delayMs * nsPerMs;
    const waitMs = delayMs / (this.#skew.rate + (monotonicRate - 1));
    let cancel = this.#time.after(monotonicRate === 1 ? waitMs : Math.min(waitMs, longestBlindMs), () => {
      const leftNs = dueNs - this.nowNs();
      const isTimely = monotonicRate === 1 && changes === this.#faults.changes;
      if (isTimely || leftNs <= 0) due();
      else cancel = this.#ring(leftNs / nsPerMs, due);
    });
    return () => cancel();
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
