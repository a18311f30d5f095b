import type { HistoryEvent } from "../../history/event.ts";
import { lineTypes } from "../../history/event-scanner.ts";
import { HistoryError } from "../../history/history-error.ts";
import { StoredHistory } from "../../history/reader.ts";
import { LineScanner, type Scalar, scalarKinds } from "../../history/scan.ts";
import { OpenOperations, OrderGuard } from "../../history/validator.ts";
import type { HistorySource } from "../checker.ts";
import { none, OperationTable, outcomes, registerFunctions } from "./operation-table.ts";
import { absentCode } from "./register-values.ts";

/** The operations of a history as far as it can be read, and what stopped the reading. */
export interface ReadOperations {
  readonly table: OperationTable;
  readonly damage: HistoryError | null;
}

const known = new WeakMap<HistorySource, ReadOperations>();

/**
 * The operations of a history. They are read once and kept as long as the history is, so that several checkers share
 * one pass. Throws HistoryError on a history that is damaged or that cannot have been recorded.
 */
export function operationsOf(history: HistorySource): OperationTable {
  const { table, damage } = readOperations(history);
  const objection = table.unanswered ?? damage;
  if (objection !== null) throw objection;
  return table;
}

/** What the harness itself recorded in a history, in file order. Throws as `operationsOf` does. */
export function annotationsOf(history: HistorySource): readonly HistoryEvent[] {
  return operationsOf(history).annotations;
}

/** The operations of a history up to where it is damaged, for those who show what there is. Read once, like `operationsOf`. */
export function readOperations(history: HistorySource): ReadOperations {
  const earlier = known.get(history);
  if (earlier !== undefined) return earlier;
  const builder = new TableBuilder(history instanceof StoredHistory ? history.file : "history");
  const read = { table: builder.table, damage: damageIn(() => fill(builder, history)) };
  known.set(history, read);
  return read;
}

/** From the lines of a stored history: canonical lines as bytes, others through JSON.parse. Else event by event. */
function fill(builder: TableBuilder, history: HistorySource): void {
  if (history instanceof StoredHistory) {
    history.scan(new LineScanner(), builder);
    return;
  }
  let line = 0;
  for (const event of history) builder.event(event, ++line);
}

function damageIn(read: () => void): HistoryError | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
}

class TableBuilder {
  readonly table = new OperationTable();
  readonly #file: string;
  readonly #order: OrderGuard;
  readonly #open: OpenOperations;

  constructor(file: string) {
    this.#file = file;
    this.#order = new OrderGuard(file);
    this.#open = new OpenOperations(file);
  }

  scanned(bytes: Buffer, line: LineScanner, lineNumber: number): void {
    const { table } = this;
    this.#order.check(line.index, line.time, lineNumber);
    table.lastTime = line.time;
    if (line.type === lineTypes.invoke) {
      const f = table.words.intern(bytes, line.fStart, line.fEnd);
      const key = line.keyStart < 0 ? table.keys.internText("") : table.keys.intern(bytes, line.keyStart, line.keyEnd);
      const row = this.#invoke(line.process, f, key, line.index, line.time, lineNumber);
      if (line.intendedNs >= 0) table.intendedAtNs[row] = line.intendedNs;
      if (f === registerFunctions.write) {
        this.#setValue(row, this.#code(bytes, line.value));
      } else if (f === registerFunctions.cas) {
        if (line.second.kind === scalarKinds.none) this.#unsupported(row, "a compare-and-set does not name two values");
        else this.#setPair(row, this.#code(bytes, line.value), this.#code(bytes, line.second));
      }
      return;
    }
    const row = this.#open.complete(line.process, lineNumber);
    const node = line.nodeStart < 0 ? none : table.words.intern(bytes, line.nodeStart, line.nodeEnd);
    const error = line.errorStart < 0 ? none : table.words.intern(bytes, line.errorStart, line.errorEnd);
    this.#complete(row, line.type, line.index, line.time, node, error);
    if (line.type !== lineTypes.ok || table.f[row] !== registerFunctions.read) return;
    this.#setRead(row, this.#code(bytes, line.value), lineNumber);
  }

  event(event: HistoryEvent, lineNumber: number): void {
    const { table } = this;
    this.#order.check(event.index, event.time, lineNumber);
    table.lastTime = event.time;
    if (typeof event.process !== "number") {
      table.annotations.push(event);
      return;
    }
    if (event.type === "invoke") {
      const f = table.words.internText(event.f);
      const key = table.keys.internText(event.key ?? "");
      const row = this.#invoke(event.process, f, key, event.index, event.time, lineNumber);
      if (event.intendedNs !== undefined) table.intendedAtNs[row] = event.intendedNs;
      if (f === registerFunctions.write) this.#setValue(row, this.#codeOf(event.value));
      else if (f === registerFunctions.cas) this.#setCas(row, event.value);
      return;
    }
    const row = this.#open.complete(event.process, lineNumber);
    const node = event.node === undefined ? none : table.words.internText(event.node);
    const error = event.error === undefined ? none : table.words.internText(event.error);
    this.#complete(row, lineTypes[event.type], event.index, event.time, node, error);
    if (event.type === "ok" && table.f[row] === registerFunctions.read) {
      this.#setRead(row, this.#codeOf(event.value), lineNumber);
    }
  }

  #invoke(process: number, f: number, key: number, index: number, time: number, line: number): number {
    const row = this.table.add(process, f, key, index, time);
    this.#open.invoke(process, row, line);
    if (f > registerFunctions.cas)
      this.#unsupported(row, `“${this.table.words.text(f)}” is no operation of a register`);
    return row;
  }

  #complete(row: number, type: number, index: number, time: number, node: number, error: number): void {
    const { table } = this;
    table.completedAtNs[row] = time;
    table.node[row] = node;
    table.error[row] = error;
    if (type === lineTypes.info) return;
    table.completedAt[row] = index;
    table.outcome[row] = type === lineTypes.ok ? outcomes.ok : outcomes.fail;
  }

  #setCas(row: number, value: unknown): void {
    if (!Array.isArray(value) || value.length !== 2) {
      this.#unsupported(row, "a compare-and-set does not name two values");
      return;
    }
    this.#setPair(row, this.#codeOf(value[0]), this.#codeOf(value[1]));
  }

  #setPair(row: number, from: number | null | undefined, to: number | null | undefined): void {
    this.#setValue(row, from);
    if (to === null || to === undefined) this.#unsupported(row, noValue);
    else this.table.next[row] = this.table.values.cell(this.table.key[row]!, to);
  }

  #setRead(row: number, code: number | null | undefined, line: number): void {
    if (code !== undefined) this.#setValue(row, code);
    else this.table.unanswered ??= new HistoryError(this.#file, line, "an ok read without a value", "what was read");
  }

  #setValue(row: number, code: number | null | undefined): void {
    if (code === null || code === undefined) this.#unsupported(row, noValue);
    else this.table.value[row] = this.table.values.cell(this.table.key[row]!, code);
  }

  /** Undefined: there is no value. Null: there is one that JSON does not keep. */
  #codeOf(value: unknown): number | null | undefined {
    return value === undefined ? undefined : this.table.values.code(value);
  }

  #code(bytes: Buffer, scalar: Scalar): number | undefined {
    if (scalar.kind === scalarKinds.number) return scalar.number;
    if (scalar.kind === scalarKinds.null) return absentCode;
    if (scalar.kind === scalarKinds.none) return undefined;
    return this.table.values.stringCode(bytes, scalar.start, scalar.end);
  }

  #unsupported(row: number, reason: string): void {
    const key = this.table.key[row]!;
    if (!this.table.unsupported.has(key)) this.table.unsupported.set(key, reason);
  }
}

const noValue = "an operation has no value that JSON keeps";
