import { EventScanner } from "../../history/event-scanner.ts";
import type { StepBuffer } from "./step-buffer.ts";
import { stepKinds, type TransactionTable } from "./transaction-table.ts";

const marks = {
  f: Buffer.from('","f":"'),
  txn: Buffer.from("txn"),
  value: Buffer.from('","f":"txn","value":['),
  read: Buffer.from('["r",'),
  append: Buffer.from('["append",'),
  write: Buffer.from('["w",'),
  null: Buffer.from("null"),
} as const;

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Reads the lines of transactions whose keys and values are whole numbers and plain ASCII: the steps go to a buffer. */
export class TransactionScanner extends EventScanner {
  readonly #table: TransactionTable;
  readonly #steps: StepBuffer;

  constructor(table: TransactionTable, steps: StepBuffer) {
    super();
    this.#table = table;
    this.#steps = steps;
  }

  protected body(): boolean {
    const start = this.at + marks.f.length;
    if (!this.skip(marks.value)) return false;
    this.fStart = start;
    this.fEnd = start + marks.txn.length;
    return this.#allSteps();
  }

  #allSteps(): boolean {
    this.#steps.clear();
    this.onlyReads = false;
    if (this.take(closeBracket)) return true;
    this.onlyReads = true;
    do if (!this.#step()) return false;
    while (this.take(comma));
    return this.take(closeBracket);
  }

  #step(): boolean {
    let kind: number = stepKinds.read;
    if (this.skip(marks.append)) kind = stepKinds.append;
    else if (this.skip(marks.write)) kind = stepKinds.write;
    else if (!this.skip(marks.read)) return false;
    if (kind !== stepKinds.read) this.onlyReads = false;
    const keyStart = this.at;
    if (!this.digits() && !this.#string()) return false;
    const step = this.#steps.step(kind, this.#table.keys.intern(this.bytes, keyStart, this.at));
    return this.take(comma) && this.#value(step) && this.take(closeBracket);
  }

  #value(step: number): boolean {
    const isRead = this.#steps.kind[step] === stepKinds.read;
    if (this.take(openBracket)) return isRead && this.#steps.readsLists && this.#list(step);
    if (isRead && this.skip(marks.null)) return true;
    if (!this.#scalar()) return false;
    this.#steps.scalar(step, this.number);
    return true;
  }

  #list(step: number): boolean {
    this.#steps.list(step);
    if (this.take(closeBracket)) return true;
    do {
      if (!this.#scalar()) return false;
      this.#steps.element(step, this.number);
    } while (this.take(comma));
    return this.take(closeBracket);
  }

  #scalar(): boolean {
    if (this.digits()) return true;
    const start = this.at + 1;
    if (!this.#string()) return false;
    this.number = this.#table.values.stringCode(this.bytes, start, this.at - 1);
    return true;
  }

  /** A string with its quotes. */
  #string(): boolean {
    return this.take(quote) && this.restOfString();
  }
}
