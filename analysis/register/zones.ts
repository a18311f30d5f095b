/**
 * Blocks by the end of their first operation, to ask which other block cannot be ordered with a given one. Blocks X
 * and Y conflict when some operation of X ended before one of Y began, and the other way round.
 */
export class ZoneIndex {
  readonly #ends: Float64Array;
  readonly #blocks: Uint32Array;
  readonly #lastBegin: Float64Array;
  /** Among the first i + 1 blocks: the two whose last operation began last; -1 for none. */
  readonly #latest: Int32Array;
  readonly #second: Int32Array;

  constructor(firstEnd: Float64Array, lastBegin: Float64Array) {
    this.#blocks = sortedByTime(firstEnd);
    this.#lastBegin = lastBegin;
    const count = firstEnd.length;
    this.#ends = new Float64Array(count);
    this.#latest = new Int32Array(count);
    this.#second = new Int32Array(count);
    let latest = -1;
    let second = -1;
    for (let i = 0; i < count; i++) {
      const block = this.#blocks[i]!;
      this.#ends[i] = firstEnd[block]!;
      if (latest < 0 || lastBegin[block]! > lastBegin[latest]!) {
        second = latest;
        latest = block;
      } else if (second < 0 || lastBegin[block]! > lastBegin[second]!) second = block;
      this.#latest[i] = latest;
      this.#second[i] = second;
    }
  }

  /** Blocks by the end of their first operation. */
  get order(): Uint32Array {
    return this.#blocks;
  }

  /** How many blocks have a first operation that ended before `time`. */
  countEndedBefore(time: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of the blocks with a first operation that ended before `time`, the one that lasts longest, not `except`; or -1. */
  longestEndedBefore(time: number, except: number): number {
    const count = this.countEndedBefore(time);
    if (count === 0) return -1;
    const latest = this.#latest[count - 1]!;
    return latest === except ? this.#second[count - 1]! : latest;
  }

  /** A block other than `block` that conflicts with a block from `firstEnd` to `lastBegin`; -1 for none. */
  conflict(firstEnd: number, lastBegin: number, block: number): number {
    const other = this.longestEndedBefore(lastBegin, block);
    return other >= 0 && this.#lastBegin[other]! > firstEnd ? other : -1;
  }
}

/** Indexes by their time. Times are positions in a history, so time and index usually fit one number, and sort fast. */
export function sortedByTime(times: Float64Array): Uint32Array {
  const count = times.length;
  let max = 0;
  for (let i = 0; i < count; i++) if (times[i]! > max && times[i]! < Infinity) max = times[i]!;
  if (max * count >= Number.MAX_SAFE_INTEGER)
    return Uint32Array.from(times.keys()).sort((a, b) => compare(times, a, b));
  const packed = new Float64Array(count);
  // -Infinity comes first and Infinity last: -1 and max + 1 stand for them.
  for (let i = 0; i < count; i++) packed[i] = Math.min(Math.max(times[i]!, -1), max + 1) * count + i;
  packed.sort();
  const sorted = new Uint32Array(count);
  for (let i = 0; i < count; i++) sorted[i] = ((packed[i]! % count) + count) % count;
  return sorted;
}

function compare(times: Float64Array, a: number, b: number): number {
  return times[a]! === times[b]! ? a - b : times[a]! < times[b]! ? -1 : 1;
}
