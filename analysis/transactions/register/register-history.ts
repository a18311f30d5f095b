import { none, outcomes } from "../../operations/operation-table.ts";
import { absentCode } from "../../operations/register-values.ts";
import type { Form } from "../../reading/form.ts";
import { grown } from "../grow.ts";
import { type ReadModel, transactionForm } from "../read-transactions.ts";
import { answers, type StepBuffer } from "../step-buffer.ts";
import { stepKinds, TransactionTable, unanswered } from "../transaction-table.ts";

/** Transactions over registers as they are read. */
export class RegisterReads implements ReadModel {
  readonly table = new TransactionTable();
  readonly readsLists = false;
  readonly initial: unknown;
  /** The code of the initial value; that of absence where there is none. */
  readonly initialCode: number;
  answeredReads = 0;

  constructor(initial: unknown) {
    this.initial = initial;
    this.initialCode = this.table.values.code(initial) ?? absentCode;
  }

  answered(row: number, steps: StepBuffer): void {
    const { table } = this;
    for (let step = 0; step < steps.count; step++) {
      if (steps.kind[step] !== stepKinds.read) continue;
      this.answeredReads++;
      const isNull = steps.answer[step] === answers.null;
      if (isNull && this.initialCode !== absentCode) {
        table.unsupported.set(steps.key[step]!, "a register that holds something at first was read as holding nothing");
        continue;
      }
      const code = isNull || steps.code[step] === this.initialCode ? absentCode : steps.code[step]!;
      const cell = table.values.cell(steps.key[step]!, code);
      table.hold(cell);
      table.stepValue[table.firstStep[row]! + step] = cell;
    }
  }
}

/** Of registers that hold that value at first. */
export function registerForm(initial: unknown): Form<RegisterReads> {
  return initial === null ? absentAtFirst : formFrom(initial);
}

function formFrom(initial: unknown): Form<RegisterReads> {
  return transactionForm(() => {
    const reads = new RegisterReads(initial);
    return { held: reads, reads };
  });
}

/** One for all checkers, so that it is filled once for those that share a history. */
const absentAtFirst = formFrom(null);

/** Transactions over registers whose values are written once each. The value of a read step is the cell it found. */
export class RegisterHistory {
  readonly table: TransactionTable;
  readonly committed: Uint8Array;
  readonly answeredReads: number;
  /** Of a key: the committed rows that write it. */
  readonly writers: (readonly number[] | undefined)[];

  readonly initial: unknown;
  /** The code of the initial value; that of absence where there is none. */
  readonly #initialCode: number;

  constructor({ table, initial, initialCode, answeredReads }: RegisterReads) {
    this.table = table;
    this.initial = initial;
    this.#initialCode = initialCode;
    this.answeredReads = answeredReads;
    this.#refuseStrangeWrites();
    this.committed = this.#findCommitted();
    this.writers = this.#findWriters();
  }

  /** Whether the key can be judged. */
  judged(key: number): boolean {
    return !this.table.repeated.has(key) && !this.table.unsupported.has(key);
  }

  isAbsent(cell: number): boolean {
    return this.table.values.codeOf[cell] === absentCode;
  }

  committedWriter(cell: number): number {
    const writer = this.table.writerOf(cell);
    return writer !== none && this.committed[writer] === 1 ? writer : none;
  }

  /** The row's step on the same key just before or after the given one; none without it. */
  neighbour(row: number, step: number, direction: 1 | -1): number {
    const { table } = this;
    const [first, end] = [table.firstStep[row]!, table.endOfSteps(row)];
    for (let at = step + direction; at >= first && at < end; at += direction) {
      if (table.stepKey[at] === table.stepKey[step]) return at;
    }
    return none;
  }

  /** The row's last write of the key, which is the version that it leaves; none without one. */
  finalWrite(row: number, key: number): number {
    const { table } = this;
    for (let step = table.endOfSteps(row) - 1; step >= table.firstStep[row]!; step--) {
      if (table.stepKey[step] === key && table.stepKind[step] === stepKinds.write) return step;
    }
    return none;
  }

  /** Whether the cell is a version: what its writer left, and not only passed through. */
  isVersion(cell: number): boolean {
    const writer = this.table.writerOf(cell);
    if (writer === none) return this.isAbsent(cell);
    return this.table.stepValue[this.finalWrite(writer, this.table.values.keyOf[cell]!)] === cell;
  }

  /** Every answered read that saw what others left, and not only what its own transaction knew before. */
  eachExternalRead(visit: (row: number, step: number, cell: number, key: number) => void): void {
    const { table } = this;
    for (let row = 0; row < table.count; row++) {
      if (table.outcome[row] !== outcomes.ok) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        if (table.stepKind[step] !== stepKinds.read || table.stepValue[step] === unanswered) continue;
        const before = this.neighbour(row, step, -1);
        if (before !== none && table.stepValue[before] === table.stepValue[step]) continue;
        if (this.judged(table.stepKey[step]!)) visit(row, step, table.stepValue[step]!, table.stepKey[step]!);
      }
    }
  }

  /** Every row that read a version of a key and then left another: `write` is the step that did. */
  eachUpdate(visit: (row: number, read: number, write: number) => void): void {
    const { table } = this;
    this.eachExternalRead((row, read, cell, key) => {
      if (this.neighbour(row, read, -1) !== none || !this.isVersion(cell)) return;
      const write = this.finalWrite(row, key);
      if (write !== none && table.stepValue[write] !== cell) visit(row, read, write);
    });
  }

  /** What a read was answered, as JSON gave it. */
  readonly readValue = (_row: number, step: number): unknown => this.value(this.table.stepValue[step]!);

  /** The value of a cell: of the absent one, what registers hold at first. */
  value(cell: number): unknown {
    return this.isAbsent(cell) ? this.initial : this.table.values.value(cell);
  }

  #refuseStrangeWrites(): void {
    const { table } = this;
    for (let step = 0; step < table.stepCount; step++) {
      const kind = table.stepKind[step]!;
      const written = table.values.codeOf[table.stepValue[step]!];
      if (kind === stepKinds.write && this.#initialCode !== absentCode && written === this.#initialCode) {
        table.repeated.add(table.stepKey[step]!);
      }
      if (kind === stepKinds.append) table.unsupported.set(table.stepKey[step]!, "a register is appended to");
      const deletes = kind === stepKinds.write && this.isAbsent(table.stepValue[step]!);
      if (deletes) table.unsupported.set(table.stepKey[step]!, "a register is made absent");
    }
  }

  #findCommitted(): Uint8Array {
    const { table } = this;
    const committed = new Uint8Array(table.count);
    for (let row = 0; row < table.count; row++) if (table.outcome[row] === outcomes.ok) committed[row] = 1;
    this.eachExternalRead((_row, _step, cell) => {
      const writer = table.writerOf(cell);
      if (writer !== none && table.outcome[writer] === outcomes.info) committed[writer] = 1;
    });
    return committed;
  }

  #findWriters(): (readonly number[] | undefined)[] {
    const { table } = this;
    const writers: number[][] = new Array<number[]>(table.keys.count);
    for (let row = 0; row < table.count; row++) {
      if (this.committed[row] === 0) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        if (table.stepKind[step] !== stepKinds.write) continue;
        const key = table.stepKey[step]!;
        writers[key] ??= [];
        if (writers[key].at(-1) !== row) writers[key].push(row);
      }
    }
    return writers;
  }
}

/** A column with a place for each cell of the table. */
export function cellColumn(table: TransactionTable, fill: number): Int32Array<ArrayBuffer> {
  let column = new Int32Array(64).fill(fill);
  while (column.length < table.values.count) column = grown(column, fill);
  return column;
}
