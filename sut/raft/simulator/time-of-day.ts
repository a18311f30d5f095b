import { randomStream } from "../../../random/stream.ts";

/** How long a machine's time of day runs on before somebody sets it. */
const setEveryMs = 5000;

/** The time that people set: a machine's clock, put forward or back every few seconds by as much as clocks may be apart. */
export class TimeOfDay {
  readonly #seed: number;
  readonly #id: string;
  readonly #offsetMs: number;
  #times = -1;
  #aheadMs = 0;

  constructor(seed: number, id: string, offsetMs: number) {
    this.#seed = seed;
    this.#id = id;
    this.#offsetMs = offsetMs;
  }

  at(clockMs: number): number {
    const times = Math.floor(clockMs / setEveryMs);
    if (times !== this.#times) {
      this.#times = times;
      const share = 2 * randomStream(this.#seed, `time of day ${this.#id} ${times}`).fraction() - 1;
      this.#aheadMs = share * this.#offsetMs;
    }
    return clockMs + this.#aheadMs;
  }
}
