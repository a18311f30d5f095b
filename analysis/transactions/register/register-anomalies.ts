import { none, outcomes } from "../../operations/operation-table.ts";
import { type Anomalies, show } from "../anomaly.ts";
import { stepKinds, unanswered } from "../transaction-table.ts";
import type { RegisterHistory } from "./register-history.ts";
import type { Updates } from "./updates.ts";

/** All that is wrong with registers before dependencies are looked at. */
export function findRegisterAnomalies(history: RegisterHistory, updates: Updates, found: Anomalies): void {
  const teller = new Teller(history, found);
  teller.contradictions();
  teller.origins();
  teller.lostUpdates();
  for (const circle of updates.circles) teller.circle(circle);
}

class Teller {
  readonly #history: RegisterHistory;
  readonly #found: Anomalies;

  constructor(history: RegisterHistory, found: Anomalies) {
    this.#history = history;
    this.#found = found;
  }

  /** Reads that differ from what the transaction itself read or wrote just before. */
  contradictions(): void {
    const { table } = this.#history;
    for (let row = 0; row < table.count; row++) {
      if (table.outcome[row] !== outcomes.ok) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        if (table.stepKind[step] !== stepKinds.read || table.stepValue[step] === unanswered) continue;
        if (this.#history.judged(table.stepKey[step]!)) this.#contradiction(row, step);
      }
    }
  }

  #contradiction(row: number, step: number): void {
    const { table } = this.#history;
    const cell = table.stepValue[step]!;
    for (let at: number = step; at !== none; at = this.#history.neighbour(row, at, 1)) {
      if (table.stepKind[at] === stepKinds.read || table.stepValue[at] !== cell) continue;
      this.#found.add("future-read", [row], (name) => `${this.#read(name(row), step)}, which it wrote only later`);
      return;
    }
    const before = this.#history.neighbour(row, step, -1);
    if (before === none || table.stepValue[before] === cell) return;
    const deed = table.stepKind[before] === stepKinds.read ? "read" : "written";
    const why = `although it had ${deed} ${this.#value(table.stepValue[before]!)} just before`;
    this.#found.add("internal", [row], (name) => `${this.#read(name(row), step)}, ${why}`);
  }

  /** Values that nobody wrote, or that were never to be seen. */
  origins(): void {
    const { table } = this.#history;
    this.#history.eachExternalRead((row, step, cell, key) => {
      const writer = table.writerOf(cell);
      if (this.#history.isAbsent(cell) || writer === row) return;
      if (writer === none) {
        this.#found.add("phantom", [row], (name) => `${this.#read(name(row), step)}, but no transaction wrote that`);
      } else if (table.outcome[writer] === outcomes.fail) {
        this.#found.add("G1a", [writer, row], (name) => {
          return `${this.#read(name(row), step)}, but that was written by ${name(writer)}, which certainly failed`;
        });
      } else if (!this.#history.isVersion(cell)) {
        const last = table.stepValue[this.#history.finalWrite(writer, key)]!;
        this.#found.add("G1b", [writer, row], (name) => {
          const wrote = `which ${name(writer)} wrote, but ${name(writer)} went on to write ${this.#value(last)}`;
          return `${this.#read(name(row), step)}, ${wrote}`;
        });
      }
    });
  }

  lostUpdates(): void {
    const { table } = this.#history;
    const updates = new Map<number, { row: number; write: number }>();
    this.#history.eachUpdate((row, read, write) => {
      const cell = table.stepValue[read]!;
      const other = updates.get(cell);
      if (other === undefined) {
        updates.set(cell, { row, write });
        return;
      }
      const written = this.#value(table.stepValue[write]!);
      const before = this.#value(table.stepValue[other.write]!);
      const what = `${table.key(table.stepKey[read]!)} as ${this.#value(cell)}`;
      this.#found.add("lost-update", [other.row, row], (name) => {
        return `${name(other.row)} and ${name(row)} both read ${what} and wrote it, ${before} and ${written}: neither saw the other's`;
      });
    });
  }

  circle(cells: readonly number[]): void {
    const { table } = this.#history;
    const rows = cells.map((cell) => table.writerOf(cell));
    const key = table.key(table.values.keyOf[cells[0]!]!);
    this.#found.add("cyclic-versions", rows, (name) => {
      const deeds = cells.map((cell, at) => {
        const before = cells[(at + cells.length - 1) % cells.length]!;
        return `${name(table.writerOf(cell))} read ${key} as ${this.#value(before)} and wrote ${this.#value(cell)}`;
      });
      return `${deeds.join("; ")}: none of these values can have been first`;
    });
  }

  #read(name: string, step: number): string {
    const { table } = this.#history;
    return `${name} read ${table.key(table.stepKey[step]!)} as ${this.#value(table.stepValue[step]!)}`;
  }

  #value(cell: number): string {
    return show(this.#history.value(cell));
  }
}
