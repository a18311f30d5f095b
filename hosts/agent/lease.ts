/**
 * The right of a controller to keep faults on. When it stops renewing (killed, hung, unreachable) the faults are undone
 * here, on the machine that has them, as nobody else is left to do it. Node processes are not faults and stay.
 */
export class Lease {
  readonly #durationMs: number;
  readonly #nowMs: () => number;
  readonly #undoFaults: () => Promise<boolean>;
  #renewedAtMs: number;
  #expired = false;
  #lapses = 0;

  /** `undoFaults` answers whether there was anything to undo. */
  constructor(options: { durationMs: number; nowMs: () => number; undoFaults: () => Promise<boolean> }) {
    this.#durationMs = options.durationMs;
    this.#nowMs = options.nowMs;
    this.#undoFaults = options.undoFaults;
    this.#renewedAtMs = options.nowMs();
  }

  /** How often it ran out while a fault was on: such a fault was shorter than its controller believes. */
  get lapses(): number {
    return this.#lapses;
  }

  renew(): void {
    this.#renewedAtMs = this.#nowMs();
    this.#expired = false;
  }

  /** To be called a few times a lease. Undoes the faults once, when the lease has run out. */
  async check(): Promise<void> {
    if (this.#expired || this.#nowMs() - this.#renewedAtMs < this.#durationMs) return;
    this.#expired = true;
    if (await this.#undoFaults()) this.#lapses += 1;
  }
}
