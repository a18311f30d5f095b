import { EventScanner } from "./event-scanner.ts";

export interface Scalar {
  kind: ScalarKind;
  number: number;
  start: number;
  end: number;
}

export const scalarKinds = { none: 0, null: 1, number: 2, string: 3 } as const;
export type ScalarKind = (typeof scalarKinds)[keyof typeof scalarKinds];

const marks = {
  f: Buffer.from('","f":"'),
  key: Buffer.from(',"key":"'),
  value: Buffer.from(',"value":'),
  null: Buffer.from("null"),
  cas: Buffer.from("cas"),
} as const;

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/**
 * Reads the lines of operations on one key whose value is a scalar, or the two of a compare-and-set. One scanner serves
 * a whole file.
 */
export class LineScanner extends EventScanner {
  fStart = 0;
  fEnd = 0;
  /** -1 where the line has no key. */
  keyStart = -1;
  keyEnd = -1;
  readonly value: Scalar = { kind: scalarKinds.none, number: 0, start: 0, end: 0 };
  /** The second of a compare-and-set's `[old,new]`; `none` otherwise. */
  readonly second: Scalar = { kind: scalarKinds.none, number: 0, start: 0, end: 0 };

  protected body(): boolean {
    this.keyStart = this.keyEnd = -1;
    this.value.kind = this.second.kind = scalarKinds.none;
    if (!this.skip(marks.f)) return false;
    this.fStart = this.at;
    if (!this.restOfString()) return false;
    this.fEnd = this.at - 1;
    if (this.skip(marks.key)) {
      this.keyStart = this.at;
      if (!this.restOfString()) return false;
      this.keyEnd = this.at - 1;
    }
    return !this.skip(marks.value) || this.#value();
  }

  #value(): boolean {
    if (!this.take(openBracket)) return this.#scalar(this.value);
    if (!this.#isCas()) return false;
    return this.#scalar(this.value) && this.take(comma) && this.#scalar(this.second) && this.take(closeBracket);
  }

  #isCas(): boolean {
    if (this.fEnd - this.fStart !== marks.cas.length) return false;
    for (let i = 0; i < marks.cas.length; i++) if (this.bytes[this.fStart + i] !== marks.cas[i]) return false;
    return true;
  }

  #scalar(scalar: Scalar): boolean {
    if (this.digits()) {
      scalar.kind = scalarKinds.number;
      scalar.number = this.number;
      return true;
    }
    if (this.skip(marks.null)) {
      scalar.kind = scalarKinds.null;
      return true;
    }
    if (!this.take(quote)) return false;
    scalar.kind = scalarKinds.string;
    scalar.start = this.at;
    if (!this.restOfString()) return false;
    scalar.end = this.at - 1;
    return true;
  }
}
