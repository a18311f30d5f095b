import { type Used, usesNoMore } from "./used.ts";

/** Longer lists of ways to use operations of unknown outcome cost more to look through than they save. */
const maxWays = 64;

/**
 * The configurations that a search has been in: a return, a state, a mask of the pending operations that were placed,
 * and the least uses of operations of unknown outcome with which it was there. An open-addressing table over plain
 * numbers; keys are compared as a whole, since taking one for another could hide a valid order.
 */
export class Memo {
  readonly #words: number;
  readonly #stride: number;
  #keys: Int32Array;
  #table = new Int32Array(1024).fill(-1);
  #count = 0;
  /** Of an entry: the uses it was met with, none of which uses no more than another. */
  readonly #ways: Used[][] = [];
  readonly #keepsWays: boolean;
  #extraWays = 0;

  constructor(words: number, keepsWays: boolean) {
    this.#words = words;
    this.#stride = words + 2;
    this.#keys = new Int32Array(512 * this.#stride);
    this.#keepsWays = keepsWays;
  }

  get size(): number {
    return this.#count + this.#extraWays;
  }

  /** Notes a configuration; false when it, or one that could do all it can, was noted before. */
  add(r: number, state: number, mask: Int32Array, used: Used): boolean {
    const slots = this.#table.length - 1;
    let slot = hash(r, state, mask, this.#words) & slots;
    for (;;) {
      const entry = this.#table[slot]!;
      if (entry < 0) break;
      if (this.#equals(entry, r, state, mask)) return this.#keepsWays && this.#addWay(this.#ways[entry]!, used);
      slot = (slot + 1) & slots;
    }
    this.#insert(slot, r, state, mask);
    if (this.#keepsWays) this.#ways.push([used]);
    return true;
  }

  #equals(entry: number, r: number, state: number, mask: Int32Array): boolean {
    const at = entry * this.#stride;
    if (this.#keys[at] !== r || this.#keys[at + 1] !== state) return false;
    for (let word = 0; word < this.#words; word++) if (this.#keys[at + 2 + word] !== mask[word]) return false;
    return true;
  }

  #addWay(ways: Used[], used: Used): boolean {
    if (ways.some((way) => usesNoMore(way, used))) return false;
    const kept = ways.filter((way) => !usesNoMore(used, way));
    this.#extraWays -= ways.length;
    if (kept.length < maxWays) kept.push(used);
    ways.splice(0, ways.length, ...kept);
    this.#extraWays += ways.length;
    return true;
  }

  #insert(slot: number, r: number, state: number, mask: Int32Array): void {
    const at = this.#count * this.#stride;
    if (at + this.#stride > this.#keys.length) {
      const grown = new Int32Array(this.#keys.length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys[at] = r;
    this.#keys[at + 1] = state;
    for (let word = 0; word < this.#words; word++) this.#keys[at + 2 + word] = mask[word]!;
    this.#table[slot] = this.#count++;
    if (this.#count * 2 > this.#table.length) this.#rehash();
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const slots = table.length - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      const at = entry * this.#stride;
      const mask = this.#keys.subarray(at + 2, at + this.#stride);
      let slot = hash(this.#keys[at]!, this.#keys[at + 1]!, mask, this.#words) & slots;
      while (table[slot]! >= 0) slot = (slot + 1) & slots;
      table[slot] = entry;
    }
    this.#table = table;
  }
}

function hash(r: number, state: number, mask: Int32Array, words: number): number {
  let mixed = Math.imul(r, 0x9e3779b1) ^ Math.imul(state + 1, 0x85ebca6b);
  for (let word = 0; word < words; word++) mixed = Math.imul(mixed ^ mask[word]!, 0xc2b2ae35) ^ (mixed >>> 15);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return mixed ^ (mixed >>> 16);
}
