import { none } from "../../operations/operation-table.ts";
import { stepKinds } from "../transaction-table.ts";
import type { Obstacle, SerialRules } from "../versions/serial-order.ts";
import { cellColumn, type RegisterHistory } from "./register-history.ts";
import type { Versions } from "./versions.ts";

/** A version may only be replaced when all who read it have come; `byTime`, only by the one that is due. */
export class RegisterSerialRules implements SerialRules {
  readonly priority: ArrayLike<number>;
  readonly #history: RegisterHistory;
  readonly #versions: Versions;
  readonly #byTime: boolean;
  /** What each write that came replaced, the last one last. */
  readonly #replaced: number[] = [];
  /** Of a key: the readers to come of the version that is current. */
  readonly #current: Int32Array;
  readonly #readersLeft: Int32Array;
  /** Of a key: who reads that it holds nothing yet, of those to come. */
  readonly #firstReadersLeft: Int32Array;
  readonly #reads = new Map<number, { key: number; cell: number }[]>();
  /** Of a key: its versions in the order in which they were certainly there, and how many of them came. */
  readonly #due: (readonly number[] | undefined)[] = [];
  readonly #came: Uint8Array;
  readonly #dueAt: Int32Array;
  readonly #duePlace: Int32Array;

  constructor(history: RegisterHistory, versions: Versions, byTime: boolean) {
    const { table } = history;
    this.#history = history;
    this.#versions = versions;
    this.#byTime = byTime;
    this.priority = table.completedAt;
    this.#current = new Int32Array(table.keys.count).fill(none);
    this.#firstReadersLeft = new Int32Array(table.keys.count);
    this.#readersLeft = cellColumn(table, 0);
    this.#came = new Uint8Array(this.#readersLeft.length);
    this.#dueAt = new Int32Array(table.keys.count);
    history.eachExternalRead((row, _step, cell, key) => {
      const reads = this.#reads.get(row);
      if (reads === undefined) this.#reads.set(row, [{ key, cell }]);
      else reads.push({ key, cell });
      if (history.isAbsent(cell)) this.#firstReadersLeft[key]!++;
      else this.#readersLeft[cell]!++;
    });
    this.#duePlace = cellColumn(table, 0);
    if (!byTime) return;
    for (const { key, cells } of versions.byEnd()) {
      this.#due[key] = cells;
      cells.forEach((cell, place) => {
        this.#duePlace[cell] = place;
      });
    }
  }

  obstacle(row: number): Obstacle | null {
    const { table } = this.#history;
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      const key = table.stepKey[step]!;
      if (table.stepKind[step] !== stepKinds.write || !this.#history.judged(key)) continue;
      const cell = this.#current[key]!;
      const left = cell === none ? this.#firstReadersLeft[key]! : this.#readersLeft[cell]!;
      if (left > this.#ownReads(row, key, cell)) {
        const readers = cell === none ? [] : this.#versions.readers(cell);
        return { key, writer: cell === none ? -1 : this.#history.committedWriter(cell), readers };
      }
      if (!this.#isDue(key, row)) return { key, writer: -1, readers: [] };
    }
    return null;
  }

  emit(row: number): readonly number[] {
    const touched = new Set<number>();
    for (const { key, cell } of this.#reads.get(row) ?? []) {
      touched.add(key);
      this.#count(key, cell, -1);
    }
    for (const [key, cell] of this.#writesOf(row)) {
      touched.add(key);
      this.#replaced.push(this.#current[key]!);
      this.#current[key] = cell;
      this.#came[cell] = 1;
    }
    return [...touched];
  }

  undo(row: number): void {
    for (const { key, cell } of this.#reads.get(row) ?? []) this.#count(key, cell, 1);
    for (const [key, cell] of this.#writesOf(row).toReversed()) {
      this.#current[key] = this.#replaced.pop()!;
      this.#came[cell] = 0;
      this.#dueAt[key] = Math.min(this.#dueAt[key]!, this.#duePlace[cell]!);
    }
  }

  #count(key: number, cell: number, change: number): void {
    if (this.#history.isAbsent(cell)) this.#firstReadersLeft[key]! += change;
    else this.#readersLeft[cell]! += change;
  }

  /** The versions that the row leaves, one a key. */
  #writesOf(row: number): [key: number, cell: number][] {
    const { table } = this.#history;
    const left = new Map<number, number>();
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      const key = table.stepKey[step]!;
      if (table.stepKind[step] === stepKinds.write && this.#history.judged(key)) left.set(key, table.stepValue[step]!);
    }
    return [...left];
  }

  #ownReads(row: number, key: number, current: number): number {
    const reads = this.#reads.get(row) ?? [];
    return reads.filter((read) => {
      return read.key === key && (current === none ? this.#history.isAbsent(read.cell) : read.cell === current);
    }).length;
  }

  /** Whether no other version that is still to come was certainly there before the row's was seen last. */
  #isDue(key: number, row: number): boolean {
    const cells = this.#due[key];
    if (cells === undefined || !this.#byTime) return true;
    while (this.#dueAt[key]! < cells.length && this.#came[cells[this.#dueAt[key]!]!] === 1) this.#dueAt[key]!++;
    const mine = this.#history.table.stepValue[this.#history.finalWrite(row, key)]!;
    for (let at = this.#dueAt[key]!; at < cells.length; at++) {
      const cell = cells[at]!;
      if (cell === mine || this.#came[cell] === 1) continue;
      return !this.#versions.isBefore(cell, mine);
    }
    return true;
  }
}
