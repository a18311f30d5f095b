import { none } from "../../operations/operation-table.ts";
import { grown } from "../grow.ts";
import type { ReadModel } from "../read-transactions.ts";
import { answers, type StepBuffer } from "../step-buffer.ts";
import { stepKinds, type TransactionTable } from "../transaction-table.ts";

/** A read of a list that is no part of the longest one, with its cells. */
export interface StrayRead {
  readonly row: number;
  readonly step: number;
  readonly cells: readonly number[];
}

/** A read that contradicts what its own transaction did or read before. */
export interface SelfContradiction {
  readonly row: number;
  readonly step: number;
  /** `future`: it holds what its transaction appends only later. */
  readonly kind: "internal" | "future";
  /** What the read should have ended in or been, as codes. */
  readonly expected: readonly number[];
  readonly whole: boolean;
}

/**
 * Every read of a list shows all versions that the list ever had. So the longest read of each key is the order of its
 * versions, and any other read is told by its length alone: a million transactions need no memory for what they read.
 *
 * The value of a read step is then that length, without the transaction's own appends at its end (`stepTail`), or,
 * where it is no part of the longest read, ~i for the i-th of `strays`.
 */
export class VersionOrders implements ReadModel {
  readonly #table: TransactionTable;
  /** Of a key: the cells of its longest read. */
  readonly longest: number[][] = [];
  /** Of a cell: its place in the longest read of its key; none if it is not there. */
  position = new Int32Array(64).fill(none);
  /** Of a cell in the longest read: the row that read it first. */
  firstReader = new Int32Array(64).fill(none);
  readonly strays: StrayRead[] = [];
  readonly contradictions: SelfContradiction[] = [];
  answeredReads = 0;
  readonly readsLists = true;

  constructor(table: TransactionTable) {
    this.#table = table;
  }

  orderOf(key: number): readonly number[] {
    return this.longest[key] ?? [];
  }

  positionOf(cell: number): number {
    return cell < this.position.length ? this.position[cell]! : none;
  }

  answered(row: number, steps: StepBuffer): void {
    for (let step = 0; step < steps.count; step++) {
      if (steps.kind[step] !== stepKinds.read) continue;
      if (steps.answer[step] === answers.scalar) {
        this.#table.unsupported.set(steps.key[step]!, "a read was answered with something that is no list");
        continue;
      }
      if (steps.answer[step] === answers.null) steps.list(step);
      this.answeredReads++;
      this.#read(row, step, steps);
    }
  }

  #read(row: number, step: number, steps: StepBuffer): void {
    const key = steps.key[step]!;
    const start = steps.listStart[step]!;
    const length = steps.listLength[step]!;
    const own = ownSteps(steps, step);
    const tail = endsWith(steps, start, length, own.before) ? own.before.length : 0;
    this.#compareWithOwn(row, step, steps, own, tail);
    const at = this.#table.firstStep[row]! + step;
    this.#table.stepTail[at] = tail;
    this.#table.stepValue[at] = this.#observe(row, at, key, { codes: steps.codes, start, length, tail });
  }

  /** The length of the list without its tail within the longest one, which it may make longer; or ~ a stray's place. */
  #observe(row: number, step: number, key: number, list: ListRead): number {
    this.longest[key] ??= [];
    const order = this.longest[key];
    const length = list.length - list.tail;
    const { codeOf } = this.#table.values;
    const shared = Math.min(order.length, length);
    for (let i = 0; i < shared; i++) {
      if (codeOf[order[i]!] !== list.codes[list.start + i]) return this.#stray(row, step, key, list);
    }
    for (let i = shared; i < length; i++) {
      const cell = this.#table.values.cell(key, list.codes[list.start + i]!);
      this.#hold(cell);
      if (this.position[cell] !== none) return this.#stray(row, step, key, list);
      this.position[cell] = i;
      this.firstReader[cell] = row;
      order.push(cell);
    }
    if (list.tail > 0 && this.#tailRepeats(key, list)) return this.#stray(row, step, key, list);
    return length;
  }

  #tailRepeats(key: number, { codes, start, length, tail }: ListRead): boolean {
    for (let i = length - tail; i < length; i++) {
      const position = this.positionOf(this.#table.values.cell(key, codes[start + i]!));
      if (position !== none && position < length - tail) return true;
    }
    return false;
  }

  #stray(row: number, step: number, key: number, { codes, start, length }: ListRead): number {
    const cells = [...codes.subarray(start, start + length)].map((code) => this.#table.values.cell(key, code));
    for (const cell of cells) this.#hold(cell);
    this.#table.stepTail[step] = 0;
    this.strays.push({ row, step, cells });
    return ~(this.strays.length - 1);
  }

  #compareWithOwn(row: number, step: number, steps: StepBuffer, own: OwnSteps, tail: number): void {
    const start = steps.listStart[step]!;
    const length = steps.listLength[step]!;
    const at = this.#table.firstStep[row]! + step;
    const list = (first: number, count: number): number[] => [...steps.codes.subarray(first, first + count)];
    if (own.later.some((code) => steps.codes.subarray(start, start + length).includes(code))) {
      this.contradictions.push({ row, step: at, kind: "future", expected: [], whole: false });
    } else if (own.previousRead >= 0) {
      const before = list(steps.listStart[own.previousRead]!, steps.listLength[own.previousRead]!);
      const expected = [...before, ...own.sincePreviousRead];
      const same = expected.length === length && endsWith(steps, start, length, expected);
      if (!same) this.contradictions.push({ row, step: at, kind: "internal", expected, whole: true });
    } else if (tail < own.before.length) {
      this.contradictions.push({ row, step: at, kind: "internal", expected: own.before, whole: false });
    }
  }

  #hold(cell: number): void {
    while (cell >= this.position.length) {
      this.position = grown(this.position, none);
      this.firstReader = grown(this.firstReader, none);
    }
    this.#table.hold(cell);
  }
}

/** A list as it was read; its last `tail` elements are the reader's own appends. */
interface ListRead {
  readonly codes: Float64Array;
  readonly start: number;
  readonly length: number;
  readonly tail: number;
}

/** What else the transaction does on the key of one of its reads; appended elements as codes. */
interface OwnSteps {
  readonly before: readonly number[];
  readonly later: readonly number[];
  readonly previousRead: number;
  readonly sincePreviousRead: readonly number[];
}

const noOwnSteps: OwnSteps = { before: [], later: [], previousRead: none, sincePreviousRead: [] };

function ownSteps(steps: StepBuffer, read: number): OwnSteps {
  const key = steps.key[read]!;
  let alone = true;
  for (let step = 0; step < steps.count; step++) if (step !== read && steps.key[step] === key) alone = false;
  if (alone) return noOwnSteps;
  const before: number[] = [];
  const later: number[] = [];
  let sincePreviousRead: number[] = [];
  let previousRead: number = none;
  for (let step = 0; step < steps.count; step++) {
    if (steps.key[step] !== key || step === read) continue;
    if (steps.kind[step] === stepKinds.append) {
      if (step > read) later.push(steps.code[step]!);
      else {
        before.push(steps.code[step]!);
        sincePreviousRead.push(steps.code[step]!);
      }
    } else if (step < read) {
      previousRead = step;
      sincePreviousRead = [];
    }
  }
  return { before, later, previousRead, sincePreviousRead };
}

function endsWith(steps: StepBuffer, start: number, length: number, end: readonly number[]): boolean {
  if (end.length > length) return false;
  const first = start + length - end.length;
  return end.every((code, i) => steps.codes[first + i] === code);
}
