import type { HistoryEvent } from "../../history/event.ts";
import { type EventScanner, lineTypes } from "../../history/event-scanner.ts";
import { scannedEvent } from "../../history/scan.ts";
import { none, outcomes } from "../operations/operation-table.ts";
import type { Filling, Form } from "../reading/form.ts";
import { grown } from "./grow.ts";
import { TransactionScanner } from "./scan-transaction.ts";
import { StepBuffer } from "./step-buffer.ts";
import { stepKinds, type TransactionTable, unanswered } from "./transaction-table.ts";

/** What the reads of a kind of history mean: of lists, or of registers. */
export interface ReadModel {
  /** Whether what is read is a list of values, or one value. */
  readonly readsLists: boolean;
  /** Notes what the steps in the buffer, the answer of an ok transaction, say of the row's reads. */
  answered(row: number, steps: StepBuffer): void;
}

/** The transactions (`f` is `txn`) of a history, with what else its kind tells of them; other operations are left alone. */
export function transactionForm<Held extends { readonly table: TransactionTable }>(
  begin: () => { readonly held: Held; readonly reads: ReadModel },
): Form<Held> {
  return {
    begin: () => {
      const { held, reads } = begin();
      return new TransactionFilling(held, held.table, reads);
    },
  };
}

class TransactionFilling<Held> implements Filling<Held> {
  readonly held: Held;
  readonly needsValues = false;
  readonly scanner: TransactionScanner;
  readonly #table: TransactionTable;
  readonly #steps: StepBuffer;
  readonly #reads: ReadModel;
  /** Of an operation: its row; none if it is no transaction. */
  #rowOf = new Int32Array(64).fill(none);

  constructor(held: Held, table: TransactionTable, reads: ReadModel) {
    this.held = held;
    this.#table = table;
    this.#reads = reads;
    this.#steps = new StepBuffer(table, reads.readsLists);
    this.scanner = new TransactionScanner(table, this.#steps);
  }

  scanned(bytes: Buffer, scanner: EventScanner, operation: number): void {
    // A transaction is no scalar: what another scanner could read is another operation, or has a value of no use.
    if (scanner !== this.scanner) {
      this.event(scannedEvent(bytes, scanner), operation);
      return;
    }
    const { index, time, process, type, nodeStart, nodeEnd, errorStart, errorEnd } = scanner;
    if (type === lineTypes.invoke) {
      this.#place(operation, this.#invoke(process, index, time));
      return;
    }
    const { words } = this.#table;
    const row = this.#rowOf[operation]!;
    if (row === none) return;
    const node = nodeStart < 0 ? none : words.intern(bytes, nodeStart, nodeEnd);
    const error = errorStart < 0 ? none : words.intern(bytes, errorStart, errorEnd);
    this.#complete(row, type, index, time, node, error);
  }

  event(event: HistoryEvent, operation: number): void {
    if (typeof event.process !== "number") return;
    if (event.type === "invoke") {
      let row = none;
      if (event.f === "txn") {
        this.#steps.parse(event.value);
        row = this.#invoke(event.process, event.index, event.time);
      }
      this.#place(operation, row);
      return;
    }
    const { words } = this.#table;
    const row = this.#rowOf[operation]!;
    if (row === none) return;
    if (event.type === "ok") this.#steps.parse(event.value);
    const node = event.node === undefined ? none : words.internText(event.node);
    const error = event.error === undefined ? none : words.internText(event.error);
    this.#complete(row, lineTypes[event.type], event.index, event.time, node, error);
  }

  #place(operation: number, row: number): void {
    if (operation === this.#rowOf.length) this.#rowOf = grown(this.#rowOf, none);
    this.#rowOf[operation] = row;
  }

  #invoke(process: number, index: number, time: number): number {
    const table = this.#table;
    const row = table.add(process, index, time);
    this.#store(row);
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKind[step] !== stepKinds.read) table.claim(table.stepValue[step]!, row);
    }
    return row;
  }

  #complete(row: number, type: number, index: number, time: number, node: number, error: number): void {
    const table = this.#table;
    table.completedAtNs[row] = time;
    table.node[row] = node;
    table.error[row] = error;
    if (type === lineTypes.info) return;
    table.completedAt[row] = index;
    table.outcome[row] = type === lineTypes.ok ? outcomes.ok : outcomes.fail;
    if (type !== lineTypes.ok) return;
    table.addCompletion(row);
    this.#store(row);
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKind[step] === stepKinds.read) continue;
      const cell = table.stepValue[step]!;
      if (table.writerOf(cell) !== row) table.claim(cell, row);
    }
    this.#reads.answered(row, this.#steps);
  }

  /** Puts the steps of the buffer into the row, its reads unanswered. */
  #store(row: number): void {
    const table = this.#table;
    const steps = this.#steps;
    const first = table.resize(row, steps.count);
    for (let i = 0; i < steps.count; i++) {
      const isRead = steps.kind[i] === stepKinds.read;
      table.stepKind[first + i] = steps.kind[i]!;
      table.stepKey[first + i] = steps.key[i]!;
      table.stepTail[first + i] = 0;
      table.stepValue[first + i] = isRead ? unanswered : table.values.cell(steps.key[i]!, steps.code[i]!);
    }
  }
}
