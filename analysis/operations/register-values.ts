import { canonical } from "../../history/canonical.ts";
import { isExactNumber, plainText, textOf } from "../../history/exact-json.ts";
import { ByteInterner } from "./byte-interner.ts";

/** The code of `null`, which stands for an absent value. */
export const absentCode = -1;

/**
 * The values that registers held, each as a small number a key: the same value under two keys is two *cells*. Values
 * compare by their JSON, so that 1 and "1" differ, 1.0 and 1 do not, and the order of an object's names says nothing.
 */
export class RegisterValues {
  /** Of a cell: its key. */
  keyOf = new Int32Array(1024);
  /** Of a cell: the code of its value. Whole numbers from 0 are their own code, all else is below zero. */
  codeOf = new Float64Array(1024);
  count = 0;
  #table = new Int32Array(2048).fill(-1);
  readonly #strings = new ByteInterner();
  /** Lists, objects, booleans, and numbers that are no whole ones from 0 to 2^53: rare, so their JSON text will do. */
  readonly #others = new ByteInterner();

  cell(key: number, code: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(key, code) & mask;
    for (;;) {
      const cell = this.#table[slot]!;
      if (cell < 0) return this.#add(key, code, slot);
      if (this.codeOf[cell] === code && this.keyOf[cell] === key) return cell;
      slot = (slot + 1) & mask;
    }
  }

  /** The code of a string's bytes. */
  stringCode(bytes: Buffer, start: number, end: number): number {
    return -2 - 2 * this.#strings.intern(bytes, start, end);
  }

  /** The code of a JSON value; null for anything else. */
  code(value: unknown): number | null {
    if (value === null) return absentCode;
    if (isExactNumber(value)) return this.#otherCode(value);
    if (typeof value === "string") return -2 - 2 * this.#strings.internText(plainText(value));
    if (typeof value === "boolean") return this.#otherCode(value);
    if (typeof value === "object") return this.#otherCode(canonical(value));
    if (typeof value !== "number" || !Number.isFinite(value)) return null;
    if (!Number.isInteger(value) || value < 0) return this.#otherCode(value);
    return Number.isSafeInteger(value) ? value + 0 : null;
  }

  /** The value of a cell, as JSON gave it. */
  value(cell: number): unknown {
    const code = this.codeOf[cell]!;
    if (code >= 0) return code;
    if (code === absentCode) return null;
    if (code % 2 === 0) return textOf(this.#strings.text((-2 - code) / 2));
    return JSON.parse(this.#others.text((-3 - code) / 2)) as unknown;
  }

  #otherCode(value: unknown): number {
    return -3 - 2 * this.#others.internText(JSON.stringify(value));
  }

  #add(key: number, code: number, slot: number): number {
    if (this.count === this.keyOf.length) this.#growColumns();
    const cell = this.count++;
    this.keyOf[cell] = key;
    this.codeOf[cell] = code;
    this.#table[slot] = cell;
    if (this.count * 2 > this.#table.length) this.#rehash();
    return cell;
  }

  #growColumns(): void {
    const keys = new Int32Array(this.keyOf.length * 2);
    const codes = new Float64Array(this.codeOf.length * 2);
    keys.set(this.keyOf);
    codes.set(this.codeOf);
    this.keyOf = keys;
    this.codeOf = codes;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let cell = 0; cell < this.count; cell++) {
      let slot = hash(this.keyOf[cell]!, this.codeOf[cell]!) & mask;
      while (table[slot]! >= 0) slot = (slot + 1) & mask;
      table[slot] = cell;
    }
    this.#table = table;
  }
}

/**
 * Neighbouring numbers stay neighbours, sixteen at a time: a counter fills whole cache lines. Longer runs would not do:
 * those of many keys overlap, and a search for a free slot then walks through all of them.
 */
function hash(key: number, code: number): number {
  const low = code | 0;
  const high = (code / 4294967296) | 0;
  let mixed = Math.imul(low >> 4, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(key + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) << 4) | (low & 15);
}
