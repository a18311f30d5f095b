import type { HistoryEvent } from "../../history/event.ts";
import { lineTypes } from "../../history/event-scanner.ts";
import { StoredHistory } from "../../history/reader.ts";
import { OpenOperations, OrderGuard } from "../../history/validator.ts";
import type { HistorySource } from "../checker.ts";
import { none, outcomes } from "../operations/operation-table.ts";
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

/**
 * Fills the table from the transactions (`f` is `txn`) of a history; other operations are left alone. Throws
 * HistoryError on a history that is damaged or that cannot have been recorded.
 */
export function readTransactions(history: HistorySource, table: TransactionTable, reads: ReadModel): void {
  const steps = new StepBuffer(table, reads.readsLists);
  const name = history instanceof StoredHistory ? history.file : "history";
  const builder = new Builder(table, steps, reads, name);
  if (history instanceof StoredHistory) history.scan(new TransactionScanner(table, steps), builder);
  else {
    let line = 0;
    for (const event of history) builder.event(event, ++line);
  }
}

/** The row of an operation that is no transaction. */
const otherOperation = 0x7fffffff;

class Builder {
  readonly #table: TransactionTable;
  readonly #steps: StepBuffer;
  readonly #reads: ReadModel;
  readonly #order: OrderGuard;
  readonly #open: OpenOperations;

  constructor(table: TransactionTable, steps: StepBuffer, reads: ReadModel, name: string) {
    this.#table = table;
    this.#steps = steps;
    this.#reads = reads;
    this.#order = new OrderGuard(name);
    this.#open = new OpenOperations(name);
  }

  scanned(bytes: Buffer, scanner: TransactionScanner, line: number): void {
    const { words } = this.#table;
    this.#order.check(scanner.index, scanner.time, line);
    if (scanner.type === lineTypes.invoke) {
      this.#open.invoke(scanner.process, this.#invoke(scanner.process, scanner.index, scanner.time), line);
      return;
    }
    const row = this.#open.complete(scanner.process, line);
    if (row === otherOperation) return;
    const node = scanner.nodeStart < 0 ? none : words.intern(bytes, scanner.nodeStart, scanner.nodeEnd);
    const error = scanner.errorStart < 0 ? none : words.intern(bytes, scanner.errorStart, scanner.errorEnd);
    this.#complete(row, scanner.type, scanner.index, scanner.time, node, error);
  }

  event(event: HistoryEvent, line: number): void {
    const { words } = this.#table;
    this.#order.check(event.index, event.time, line);
    if (typeof event.process !== "number") return;
    if (event.type === "invoke") {
      let row = otherOperation;
      if (event.f === "txn") {
        this.#steps.parse(event.value);
        row = this.#invoke(event.process, event.index, event.time);
      }
      this.#open.invoke(event.process, row, line);
      return;
    }
    const row = this.#open.complete(event.process, line);
    if (row === otherOperation) return;
    if (event.type === "ok") this.#steps.parse(event.value);
    const node = event.node === undefined ? none : words.internText(event.node);
    const error = event.error === undefined ? none : words.internText(event.error);
    this.#complete(row, lineTypes[event.type], event.index, event.time, node, error);
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
