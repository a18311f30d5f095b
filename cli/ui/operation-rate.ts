const slotMs = 100;
const slots = 20;

/** Operations completed per second over the last two seconds, counted in tenths of a second: memory does not grow. */
export class OperationRate {
  /** Complete slots, and the present one, which is not counted yet. */
  readonly #counts = new Uint32Array(slots + 1);
  #slot = 0;

  count(nowMs: number): void {
    this.#moveTo(nowMs);
    const place = this.#slot % this.#counts.length;
    this.#counts[place] = this.#counts[place]! + 1;
  }

  perSecond(nowMs: number): number {
    this.#moveTo(nowMs);
    const all = this.#counts.reduce((sum, count) => sum + count, 0);
    const present = this.#counts[this.#slot % this.#counts.length]!;
    return Math.round((all - present) / ((slots * slotMs) / 1000));
  }

  #moveTo(nowMs: number): void {
    const slot = Math.floor(nowMs / slotMs);
    const { length } = this.#counts;
    for (let passed = Math.max(this.#slot + 1, slot - length + 1); passed <= slot; passed++) {
      this.#counts[passed % length] = 0;
    }
    this.#slot = Math.max(this.#slot, slot);
  }
}
