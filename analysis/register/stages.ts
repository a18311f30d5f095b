import { type Blocks, writerInv, writerRet } from "./blocks.ts";
import type { KeyHistory } from "./key-history.ts";
import type { ValueColumns } from "./values.ts";

/**
 * When each stage of a block may be current. By place in `blocks.stages`: `opens` is the earliest time at which the
 * stage can begin if everything before it happens as early as it can; `closes` is when a later stage had certainly
 * begun. Both grow along a block.
 */
export class Stages {
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly #blocks: Blocks;
  /** Of a value: its place in `blocks.stages`. */
  readonly #placeOf: Int32Array;

  constructor(history: KeyHistory, columns: ValueColumns, blocks: Blocks) {
    this.#blocks = blocks;
    this.opens = new Float64Array(blocks.stages.length);
    this.closes = new Float64Array(blocks.stages.length);
    this.#placeOf = new Int32Array(history.values).fill(-1);
    for (let at = 0; at < blocks.starts[blocks.count]!; at++) this.#placeOf[blocks.stages[at]!] = at;
    for (let block = 0; block < blocks.count; block++) {
      const start = blocks.starts[block]!;
      const end = blocks.starts[block + 1]!;
      let begun = Number.NEGATIVE_INFINITY;
      for (let at = start; at < end; at++) {
        begun = Math.max(begun, writerInv(history, columns, blocks.stages[at]!));
        this.opens[at] = begun;
        begun = Math.max(begun, columns.maxReadInv[blocks.stages[at]!]!);
      }
      let ended = Number.POSITIVE_INFINITY;
      for (let at = end - 1; at >= start; at--) {
        this.closes[at] = ended;
        const value = blocks.stages[at]!;
        ended = Math.min(ended, writerRet(history, columns, value), columns.minReadRet[value]!);
      }
    }
  }

  /**
   * A value of the block other than `value` that can be seen between two times without moving any switch of stages;
   * -1 for none.
   */
  steadyValue(block: number, inv: number, ret: number, value: number): number {
    const start = this.#blocks.starts[block]!;
    const end = this.#blocks.starts[block + 1]!;
    const time = Math.max(inv, this.opens[start]!);
    if (time > ret) return -1;
    const current = this.#lastOpenAt(start, end, time);
    if (this.#blocks.stages[current]! !== value) return this.#blocks.stages[current]!;
    const next = current + 1;
    return next < end && this.opens[next]! <= ret ? this.#blocks.stages[next]! : -1;
  }

  /** A value of the block other than `value` that can be seen between two times at all; -1 for none. */
  anyValue(block: number, inv: number, ret: number, value: number): number {
    const start = this.#blocks.starts[block]!;
    const end = this.#blocks.starts[block + 1]!;
    if (this.opens[start]! > ret) return -1;
    for (let at = this.#lastOpenAt(start, end, ret); at >= start && this.closes[at]! >= inv; at--) {
      if (this.#blocks.stages[at]! !== value) return this.#blocks.stages[at]!;
    }
    return -1;
  }

  /** Takes note of one more observation of a value: later stages cannot open before it, nor earlier ones close after. */
  observe(value: number, inv: number, ret: number): void {
    const place = this.#placeOf[value]!;
    const block = this.#blocks.blockOf[value]!;
    const start = this.#blocks.starts[block]!;
    const end = this.#blocks.starts[block + 1]!;
    for (let at = place + 1; at < end && this.opens[at]! < inv; at++) this.opens[at] = inv;
    for (let at = place - 1; at >= start && this.closes[at]! > ret; at--) this.closes[at] = ret;
  }

  #lastOpenAt(start: number, end: number, time: number): number {
    let low = start;
    let high = end - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.opens[middle]! <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
