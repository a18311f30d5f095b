import type { Scalar } from "./scalar.ts";

/**
 * A value with those that compare-and-sets replaced it by: nothing else was in the register from the first to the
 * last of them. `firstRet` is when the first operation on it ended, `lastInv` when the last one began.
 */
export interface Block {
  readonly firstRet: number;
  lastInv: number;
  /** In the order in which they replaced each other. */
  readonly values: Scalar[];
}

/**
 * The blocks of one register that may still matter, by `firstRet`, which is the order in which they come. Blocks X and
 * Y contradict each other when an operation of each ended before one of the other began.
 */
export class Blocks {
  #live: Block[] = [];

  get count(): number {
    return this.#live.length;
  }

  get live(): readonly Block[] {
    return this.#live;
  }

  /** The block of the initial value: it was there before everything. */
  initial(value: Scalar): Block {
    return this.add(value, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);
  }

  /** A block whose first operation ends now. It contradicts none yet: no operation has begun after now. */
  add(value: Scalar, firstRet: number, lastInv: number): Block {
    const block = { firstRet, lastInv, values: [value] };
    this.#live.push(block);
    return block;
  }

  /** Another operation on a block. True when the block now contradicts another. */
  extend(block: Block, inv: number): boolean {
    if (inv <= block.lastInv) return false;
    const before = block.lastInv;
    block.lastInv = inv;
    // Only blocks that this operation was the first to follow can be new in contradiction.
    for (let i = this.#firstEndedSince(before); i < this.#live.length; i++) {
      const other = this.#live[i]!;
      if (other.firstRet >= inv) return false;
      if (other !== block && other.lastInv > block.firstRet) return true;
    }
    return false;
  }

  /**
   * Takes out and returns the blocks whose values nobody can observe any more without contradicting the block that is
   * kept for that: the one that, of those ended before every open operation began, was in use last.
   */
  retire(openSince: number): Block[] {
    const ended = this.#live.slice(0, this.#firstEndedSince(openSince));
    let last: Block | null = null;
    for (const block of ended) if (last === null || block.lastInv > last.lastInv) last = block;
    const retired = ended.filter((block) => block !== last && last !== null && block.firstRet < last.lastInv);
    const gone = new Set(retired);
    this.#live = this.#live.filter((block) => !gone.has(block));
    return retired;
  }

  #firstEndedSince(time: number): number {
    let low = 0;
    let high = this.#live.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#live[middle]!.firstRet < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
