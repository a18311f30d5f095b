import { ByteCursor } from "./byte-cursor.ts";

export interface Scalar {
  kind: ScalarKind;
  number: number;
  start: number;
  end: number;
}

export const scalarKinds = { none: 0, null: 1, number: 2, string: 3 } as const;
export type ScalarKind = (typeof scalarKinds)[keyof typeof scalarKinds];

export const lineTypes = { invoke: 0, ok: 1, fail: 2, info: 3 } as const;
export type LineType = (typeof lineTypes)[keyof typeof lineTypes];

const marks = {
  index: Buffer.from('{"index":'),
  time: Buffer.from(',"time":'),
  process: Buffer.from(',"process":'),
  type: Buffer.from(',"type":"'),
  invoke: Buffer.from("invoke"),
  ok: Buffer.from("ok"),
  fail: Buffer.from("fail"),
  info: Buffer.from("info"),
  node: Buffer.from(',"node":"'),
  error: Buffer.from(',"error":"'),
  intendedNs: Buffer.from(',"intendedNs":'),
  end: Buffer.from("}\n"),
} as const;

/**
 * Reads a line of a history as bytes, when it is written exactly as `writer.ts` writes: fields in their order, no
 * spaces, times and processes as whole numbers, strings of plain ASCII. That is several times faster than JSON.parse
 * and makes no garbage; every other line is left to JSON.parse, with the same result. What all events share is read
 * here; what stands between, from `f` to `value`, is read by those who know what it holds.
 */
export abstract class EventScanner extends ByteCursor {
  index = 0;
  time = 0;
  process = 0;
  type: LineType = lineTypes.invoke;
  fStart = 0;
  fEnd = 0;
  /** -1 where the line has no key. */
  keyStart = -1;
  keyEnd = -1;
  /** `none` where the line has no value, or one that is no scalar. */
  readonly value: Scalar = { kind: scalarKinds.none, number: 0, start: 0, end: 0 };
  /** The second of a compare-and-set's `[old,new]`; `none` otherwise. */
  readonly second: Scalar = { kind: scalarKinds.none, number: 0, start: 0, end: 0 };
  /** -1 where the line has no such field; the same for error and intendedNs. */
  nodeStart = -1;
  nodeEnd = -1;
  errorStart = -1;
  errorEnd = -1;
  intendedNs = -1;
  /** Whether the line is that of a transaction that has reads, and no other steps. */
  onlyReads = false;

  /** Fills the fields from the line at `at`; returns where the next one starts, or -1 when this one is not canonical. */
  scan(bytes: Buffer, at: number, end: number): number {
    this.place(bytes, at, end);
    return this.#head() && this.body() && this.#tail() ? this.at : -1;
  }

  /** From the quote that closes the type to the end of the value. */
  protected abstract body(): boolean;

  #head(): boolean {
    if (!this.skip(marks.index) || !this.digits()) return false;
    this.index = this.number;
    if (!this.skip(marks.time) || !this.digits()) return false;
    this.time = this.number;
    if (!this.skip(marks.process) || !this.digits()) return false;
    this.process = this.number;
    return this.skip(marks.type) && this.#type();
  }

  #type(): boolean {
    if (this.skip(marks.ok)) this.type = lineTypes.ok;
    else if (this.skip(marks.invoke)) this.type = lineTypes.invoke;
    else if (this.skip(marks.info)) this.type = lineTypes.info;
    else if (this.skip(marks.fail)) this.type = lineTypes.fail;
    else return false;
    return true;
  }

  #tail(): boolean {
    this.nodeStart = this.nodeEnd = this.errorStart = this.errorEnd = this.intendedNs = -1;
    if (this.skip(marks.node)) {
      this.nodeStart = this.at;
      if (!this.restOfString()) return false;
      this.nodeEnd = this.at - 1;
    }
    if (this.skip(marks.error)) {
      this.errorStart = this.at;
      if (!this.restOfString()) return false;
      this.errorEnd = this.at - 1;
    }
    if (this.skip(marks.intendedNs)) {
      if (!this.digits()) return false;
      this.intendedNs = this.number;
    }
    return this.skip(marks.end);
  }
}
