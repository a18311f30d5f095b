import { type LineType, lineTypes } from "../../history/scan.ts";
import type { StepBuffer } from "./step-buffer.ts";
import { stepKinds, type TransactionTable } from "./transaction-table.ts";

const marks = {
  index: Buffer.from('{"index":'),
  time: Buffer.from(',"time":'),
  process: Buffer.from(',"process":'),
  type: Buffer.from(',"type":"'),
  invoke: Buffer.from("invoke"),
  ok: Buffer.from("ok"),
  fail: Buffer.from("fail"),
  info: Buffer.from("info"),
  value: Buffer.from('","f":"txn","value":['),
  read: Buffer.from('["r",'),
  append: Buffer.from('["append",'),
  write: Buffer.from('["w",'),
  null: Buffer.from("null"),
  node: Buffer.from(',"node":"'),
  error: Buffer.from(',"error":"'),
  end: Buffer.from("}\n"),
} as const;

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const zero = 0x30;
/** Fifteen digits always fit a double exactly. */
const maxDigits = 15;

/**
 * Reads the line of a transaction as bytes, when it is written exactly as `history/writer.ts` writes and holds whole
 * numbers and plain ASCII alone; every other line is left to JSON.parse. See `history/scan.ts`, which does the same for
 * operations on one key.
 */
export class TransactionScanner {
  index = 0;
  time = 0;
  process = 0;
  type: LineType = lineTypes.invoke;
  nodeStart = -1;
  nodeEnd = -1;
  errorStart = -1;
  errorEnd = -1;
  readonly #table: TransactionTable;
  readonly #steps: StepBuffer;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #number = 0;

  constructor(table: TransactionTable, steps: StepBuffer) {
    this.#table = table;
    this.#steps = steps;
  }

  /** Fills the fields and the steps from the line at `at`; returns where the next one starts, -1 if not canonical. */
  scan(bytes: Buffer, at: number, end: number): number {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    return this.#head() && this.#allSteps() && this.#tail() ? this.#at : -1;
  }

  #head(): boolean {
    if (!this.#skip(marks.index) || !this.#digits()) return false;
    this.index = this.#number;
    if (!this.#skip(marks.time) || !this.#digits()) return false;
    this.time = this.#number;
    if (!this.#skip(marks.process) || !this.#digits()) return false;
    this.process = this.#number;
    return this.#skip(marks.type) && this.#type() && this.#skip(marks.value);
  }

  #type(): boolean {
    if (this.#skip(marks.ok)) this.type = lineTypes.ok;
    else if (this.#skip(marks.invoke)) this.type = lineTypes.invoke;
    else if (this.#skip(marks.fail)) this.type = lineTypes.fail;
    else if (this.#skip(marks.info)) this.type = lineTypes.info;
    else return false;
    return true;
  }

  #allSteps(): boolean {
    this.#steps.clear();
    if (this.#take(closeBracket)) return true;
    do if (!this.#step()) return false;
    while (this.#take(comma));
    return this.#take(closeBracket);
  }

  #step(): boolean {
    let kind: number = stepKinds.read;
    if (this.#skip(marks.append)) kind = stepKinds.append;
    else if (this.#skip(marks.write)) kind = stepKinds.write;
    else if (!this.#skip(marks.read)) return false;
    const keyStart = this.#at;
    if (!this.#digits() && !this.#string()) return false;
    const step = this.#steps.step(kind, this.#table.keys.intern(this.#bytes, keyStart, this.#at));
    return this.#take(comma) && this.#value(step) && this.#take(closeBracket);
  }

  #value(step: number): boolean {
    if (this.#bytes[this.#at] === openBracket) return this.#list(step);
    if (this.#steps.kind[step] === stepKinds.read && this.#skip(marks.null)) return true;
    if (!this.#scalar()) return false;
    this.#steps.scalar(step, this.#number);
    return true;
  }

  #list(step: number): boolean {
    this.#at++;
    this.#steps.list(step);
    if (this.#take(closeBracket)) return true;
    do {
      if (!this.#scalar()) return false;
      this.#steps.element(step, this.#number);
    } while (this.#take(comma));
    return this.#take(closeBracket);
  }

  #scalar(): boolean {
    if (this.#digits()) return true;
    const start = this.#at + 1;
    if (!this.#string()) return false;
    this.#number = this.#table.values.stringCode(this.#bytes, start, this.#at - 1);
    return true;
  }

  #tail(): boolean {
    this.nodeStart = this.nodeEnd = this.errorStart = this.errorEnd = -1;
    if (this.#skip(marks.node)) {
      this.nodeStart = this.#at--;
      if (!this.#string()) return false;
      this.nodeEnd = this.#at - 1;
    }
    if (this.#skip(marks.error)) {
      this.errorStart = this.#at--;
      if (!this.#string()) return false;
      this.errorEnd = this.#at - 1;
    }
    return this.#skip(marks.end);
  }

  /** A whole number from 0 without leading zeros. Leaves the place alone when there is none. */
  #digits(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let number = 0;
    for (; at < this.#end; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    const count = at - start;
    if (count === 0 || count > maxDigits || (count > 1 && bytes[start] === zero)) return false;
    this.#at = at;
    this.#number = number;
    return true;
  }

  /** A string of plain ASCII without escapes, with its quotes. */
  #string(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== quote) return false;
    for (let at = this.#at + 1; at < this.#end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        this.#at = at + 1;
        return true;
      }
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return false;
    }
    return false;
  }

  #take(byte: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #skip(mark: Buffer): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const length = mark.length;
    if (at + length > this.#end) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== mark[i]) return false;
    this.#at = at + length;
    return true;
  }
}
