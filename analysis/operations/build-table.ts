import type { HistoryEvent } from "../../history/event.ts";
import { type EventScanner, lineTypes, type Scalar, scalarKinds } from "../../history/event-scanner.ts";
import { HistoryError } from "../../history/history-error.ts";
import { isReadTransaction } from "../../history/read-operations.ts";
import type { HistorySource } from "../checker.ts";
import type { Filling, Form } from "../reading/form.ts";
import { nameOf, readingOf } from "../reading/read.ts";
import { none, OperationTable, outcomes, registerFunctions } from "./operation-table.ts";
import { absentCode } from "./register-values.ts";

/** The operations of a history in columns. */
export const operationForm: Form<OperationTable> = { begin: () => new TableFilling() };

/**
 * The operations of a history. They are read once and kept as long as the history is, so that several checkers share
 * one pass. Throws HistoryError on a history that is damaged or that cannot have been recorded.
 */
export function operationsOf(history: HistorySource): OperationTable {
  const { held, damage } = readingOf(history, operationForm);
  if (held.unansweredLine !== null) throw unanswered(history, held.unansweredLine);
  if (damage !== null) throw damage;
  return held;
}

/** What the harness itself recorded in a history, in file order. Throws as `operationsOf` does. */
export function annotationsOf(history: HistorySource): readonly HistoryEvent[] {
  return operationsOf(history).annotations;
}

function unanswered(history: HistorySource, line: number): HistoryError {
  return new HistoryError(nameOf(history), line, "an ok read without a value", "what was read");
}

class TableFilling implements Filling<OperationTable> {
  readonly held = new OperationTable();
  readonly needsValues = false;

  scanned(bytes: Buffer, line: EventScanner, operation: number, lineNumber: number): void {
    const table = this.held;
    table.lastTime = line.time;
    if (line.type === lineTypes.invoke) {
      const f = table.words.intern(bytes, line.fStart, line.fEnd);
      const key = line.keyStart < 0 ? table.keys.internText("") : table.keys.intern(bytes, line.keyStart, line.keyEnd);
      const row = this.#invoke(line.process, f, key, line.index, line.time);
      if (line.intendedNs >= 0) table.intendedAtNs[row] = line.intendedNs;
      if (line.onlyReads) table.onlyReads[row] = 1;
      if (f === registerFunctions.write) {
        this.#setValue(row, this.#code(bytes, line.value));
      } else if (f === registerFunctions.cas) {
        if (line.second.kind === scalarKinds.none) this.#unsupported(row, "a compare-and-set does not name two values");
        else this.#setPair(row, this.#code(bytes, line.value), this.#code(bytes, line.second));
      }
      return;
    }
    const row = operation;
    const node = line.nodeStart < 0 ? none : table.words.intern(bytes, line.nodeStart, line.nodeEnd);
    const error = line.errorStart < 0 ? none : table.words.intern(bytes, line.errorStart, line.errorEnd);
    this.#complete(row, line.type, line.index, line.time, node, error);
    if (line.type !== lineTypes.ok || table.f[row] !== registerFunctions.read) return;
    this.#setRead(row, this.#code(bytes, line.value), lineNumber);
  }

  event(event: HistoryEvent, operation: number, lineNumber: number): void {
    const table = this.held;
    table.lastTime = event.time;
    if (typeof event.process !== "number") {
      table.annotations.push(event);
      return;
    }
    if (event.type === "invoke") {
      const f = table.words.internText(event.f);
      const key = table.keys.internText(event.key ?? "");
      const row = this.#invoke(event.process, f, key, event.index, event.time);
      if (event.intendedNs !== undefined) table.intendedAtNs[row] = event.intendedNs;
      if (isReadTransaction(event)) table.onlyReads[row] = 1;
      if (f === registerFunctions.write) this.#setValue(row, this.#codeOf(event.value));
      else if (f === registerFunctions.cas) this.#setCas(row, event.value);
      return;
    }
    const row = operation;
    const node = event.node === undefined ? none : table.words.internText(event.node);
    const error = event.error === undefined ? none : table.words.internText(event.error);
    this.#complete(row, lineTypes[event.type], event.index, event.time, node, error);
    if (event.type === "ok" && table.f[row] === registerFunctions.read) {
      this.#setRead(row, this.#codeOf(event.value), lineNumber);
    }
  }

  #invoke(process: number, f: number, key: number, index: number, time: number): number {
    const row = this.held.add(process, f, key, index, time);
    if (f > registerFunctions.cas) this.#unsupported(row, `“${this.held.words.text(f)}” is no operation of a register`);
    return row;
  }

  #complete(row: number, type: number, index: number, time: number, node: number, error: number): void {
    const table = this.held;
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
    else this.held.next[row] = this.held.values.cell(this.held.key[row]!, to);
  }

  #setRead(row: number, code: number | null | undefined, line: number): void {
    if (code === undefined) this.held.unansweredLine ??= line;
    else this.#setValue(row, code);
  }

  #setValue(row: number, code: number | null | undefined): void {
    if (code === null || code === undefined) this.#unsupported(row, noValue);
    else this.held.value[row] = this.held.values.cell(this.held.key[row]!, code);
  }

  /** Undefined: there is no value. Null: there is one that JSON does not keep. */
  #codeOf(value: unknown): number | null | undefined {
    return value === undefined ? undefined : this.held.values.code(value);
  }

  #code(bytes: Buffer, scalar: Scalar): number | undefined {
    if (scalar.kind === scalarKinds.number) return scalar.number;
    if (scalar.kind === scalarKinds.null) return absentCode;
    if (scalar.kind === scalarKinds.none) return undefined;
    return this.held.values.stringCode(bytes, scalar.start, scalar.end);
  }

  #unsupported(row: number, reason: string): void {
    const key = this.held.key[row]!;
    if (!this.held.unsupported.has(key)) this.held.unsupported.set(key, reason);
  }
}

const noValue = "an operation has no value that JSON keeps";
