import { type Used, usesNoMore } from "./used.ts";

/** Longer lists of ways to one configuration cost more to look through than they save. */
const maxWays = 64;

/** Returns that share a table: a search stays near one place for long, and small tables stay in the processor's cache. */
const returnsATableBits = 5;

/** How many words of a mask tell of operations that change something, and how many of pure ones. */
export interface MaskShape {
  readonly changingWords: number;
  readonly pureWords: number;
}

/**
 * The configurations that a search has been in: a return, a state, and which of the operations under way were placed.
 * Where the same changing operations were placed, a way that placed more pure ones and used fewer of unknown outcome
 * can still do all that the other can, so only ways that no other beats are kept.
 */
export class Memo {
  readonly #shape: MaskShape;
  readonly #keepsUsed: boolean;
  readonly #tables: (MemoTable | undefined)[] = [];
  #size = 0;

  constructor(shape: MaskShape, keepsUsed: boolean) {
    this.#shape = shape;
    this.#keepsUsed = keepsUsed;
  }

  /** How many ways are kept. */
  get size(): number {
    return this.#size;
  }

  /** Notes a configuration; false when it, or one that could do all it can, was noted before. */
  add(r: number, state: number, mask: Int32Array, used: Used): boolean {
    const place = r >> returnsATableBits;
    let table = this.#tables[place];
    if (table === undefined) {
      table = new MemoTable(this.#shape, this.#keepsUsed);
      this.#tables[place] = table;
    }
    const before = table.size;
    const isNew = table.add(r, state, mask, used);
    this.#size += table.size - before;
    return isNew;
  }
}

/**
 * An open-addressing table over plain numbers; keys are compared as a whole, since taking one for another could hide a
 * valid order. The ways of a key are a chain.
 */
class MemoTable {
  readonly #changing: number;
  readonly #pure: number;
  readonly #stride: number;
  #keys: Int32Array<ArrayBuffer>;
  /** Of a key: the first of its ways. */
  #first = new Int32Array(8);
  #table = new Int32Array(16).fill(-1);
  #count = 0;
  /** Of a way: the next one of its key or -1, then the pure operations placed. */
  #ways: Int32Array<ArrayBuffer>;
  readonly #used: Used[] | null;
  #wayCount = 0;
  /** Beaten ways, a chain too, whose places are taken by new ones. */
  #free = -1;
  size = 0;

  constructor({ changingWords, pureWords }: MaskShape, keepsUsed: boolean) {
    this.#changing = changingWords;
    this.#pure = pureWords;
    this.#stride = changingWords + 2;
    this.#keys = new Int32Array(8 * this.#stride);
    this.#ways = new Int32Array(8 * (pureWords + 1));
    this.#used = keepsUsed ? [] : null;
  }

  add(r: number, state: number, mask: Int32Array, used: Used): boolean {
    const slots = this.#table.length - 1;
    let slot = hash(r, state, mask, this.#changing) & slots;
    for (;;) {
      const key = this.#table[slot]!;
      if (key < 0) break;
      if (this.#equals(key, r, state, mask)) return this.#addWay(key, mask, used);
      slot = (slot + 1) & slots;
    }
    this.#insert(slot, r, state, mask);
    this.#first[this.#count - 1] = this.#newWay(-1, mask, used);
    return true;
  }

  #equals(key: number, r: number, state: number, mask: Int32Array): boolean {
    const at = key * this.#stride;
    if (this.#keys[at] !== r || this.#keys[at + 1] !== state) return false;
    for (let word = 0; word < this.#changing; word++) if (this.#keys[at + 2 + word] !== mask[word]) return false;
    return true;
  }

  /** Ways that the new one beats give way to it. */
  #addWay(key: number, mask: Int32Array, used: Used): boolean {
    const stride = this.#pure + 1;
    let length = 0;
    for (let way = this.#first[key]!; way >= 0; way = this.#ways[way * stride]!) {
      if (this.#beats(way, mask, used)) return false;
      length++;
    }
    let before = -1;
    for (let way = this.#first[key]!; way >= 0; ) {
      const next = this.#ways[way * stride]!;
      if (!this.#isBeaten(way, mask, used)) before = way;
      else {
        if (before < 0) this.#first[key] = next;
        else this.#ways[before * stride] = next;
        this.#ways[way * stride] = this.#free;
        this.#free = way;
        length--;
        this.size--;
      }
      way = next;
    }
    if (length < maxWays) this.#first[key] = this.#newWay(this.#first[key]!, mask, used);
    return true;
  }

  #beats(way: number, mask: Int32Array, used: Used): boolean {
    const at = way * (this.#pure + 1) + 1;
    for (let word = 0; word < this.#pure; word++) {
      if ((mask[this.#changing + word]! & ~this.#ways[at + word]!) !== 0) return false;
    }
    return this.#used === null || usesNoMore(this.#used[way]!, used);
  }

  #isBeaten(way: number, mask: Int32Array, used: Used): boolean {
    const at = way * (this.#pure + 1) + 1;
    for (let word = 0; word < this.#pure; word++) {
      if ((this.#ways[at + word]! & ~mask[this.#changing + word]!) !== 0) return false;
    }
    return this.#used === null || usesNoMore(used, this.#used[way]!);
  }

  #newWay(next: number, mask: Int32Array, used: Used): number {
    const way = this.#free >= 0 ? this.#free : this.#wayCount++;
    const at = way * (this.#pure + 1);
    if (way === this.#free) this.#free = this.#ways[at]!;
    else if (at + this.#pure + 1 > this.#ways.length) this.#ways = grown(this.#ways);
    this.#ways[at] = next;
    for (let word = 0; word < this.#pure; word++) this.#ways[at + 1 + word] = mask[this.#changing + word]!;
    if (this.#used !== null) this.#used[way] = used;
    this.size++;
    return way;
  }

  #insert(slot: number, r: number, state: number, mask: Int32Array): void {
    const at = this.#count * this.#stride;
    if (at + this.#stride > this.#keys.length) {
      this.#keys = grown(this.#keys);
      this.#first = grown(this.#first);
    }
    this.#keys[at] = r;
    this.#keys[at + 1] = state;
    for (let word = 0; word < this.#changing; word++) this.#keys[at + 2 + word] = mask[word]!;
    this.#table[slot] = this.#count++;
    if (this.#count * 2 > this.#table.length) this.#rehash();
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const slots = table.length - 1;
    for (let key = 0; key < this.#count; key++) {
      const at = key * this.#stride;
      const mask = this.#keys.subarray(at + 2, at + this.#stride);
      let slot = hash(this.#keys[at]!, this.#keys[at + 1]!, mask, this.#changing) & slots;
      while (table[slot]! >= 0) slot = (slot + 1) & slots;
      table[slot] = key;
    }
    this.#table = table;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function hash(r: number, state: number, mask: Int32Array, words: number): number {
  let mixed = Math.imul(r, 0x9e3779b1) ^ Math.imul(state + 1, 0x85ebca6b);
  for (let word = 0; word < words; word++) mixed = Math.imul(mixed ^ mask[word]!, 0xc2b2ae35) ^ (mixed >>> 15);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return mixed ^ (mixed >>> 16);
}
