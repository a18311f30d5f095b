import { none } from "../../operations/operation-table.ts";
import { cellColumn, type RegisterHistory } from "./register-history.ts";

/**
 * The order of versions that real time tells, for models that keep to it: version a comes before version b when
 * somebody who wrote or read a had ended before somebody who wrote or read b began. (Otherwise b would have been there
 * first, then a, and then b again, though it was written once.)
 */
export class VersionTimes {
  /** Of a version: who had certainly seen it first, and who began to see it last; none for neither. */
  readonly firstEnd: Int32Array;
  readonly lastBegin: Int32Array;
  /** Of a version: of those that real time puts after it, the two that were certainly there first. */
  readonly next: Int32Array;
  readonly secondNext: Int32Array;
  readonly #history: RegisterHistory;
  /** Of a key: the versions that committed rows left. */
  readonly #versions: readonly (readonly number[] | undefined)[];

  constructor(history: RegisterHistory) {
    this.#history = history;
    this.firstEnd = cellColumn(history.table, none);
    this.lastBegin = cellColumn(history.table, none);
    this.next = cellColumn(history.table, none);
    this.secondNext = cellColumn(history.table, none);
    this.#versions = this.#findVersions();
    for (const cells of this.#versions) {
      for (const cell of cells ?? []) this.#seen(cell, history.committedWriter(cell));
    }
    history.eachExternalRead((row, _step, cell) => {
      if (history.committedWriter(cell) !== none && history.isVersion(cell)) this.#seen(cell, row);
    });
    for (const cells of this.#versions) if (cells !== undefined) this.#link(cells);
  }

  /** Of the versions that real time puts after the cell, the writer of the first but for the row's own; none without. */
  laterWriter(cell: number, row: number): number {
    const version = this.laterVersion(cell, row);
    return version === none ? none : this.#history.committedWriter(version);
  }

  laterVersion(cell: number, row: number): number {
    const candidates = [this.next[cell]!, this.secondNext[cell]!];
    return candidates.find((next) => next !== none && this.#history.committedWriter(next) !== row) ?? none;
  }

  #findVersions(): (number[] | undefined)[] {
    const { table, writers } = this.#history;
    return writers.map((rows, key) => {
      if (!this.#history.judged(key)) return undefined;
      return rows?.map((row) => table.stepValue[this.#history.finalWrite(row, key)]!);
    });
  }

  #seen(cell: number, row: number): void {
    const { completedAt, invokedAt } = this.#history.table;
    const first = this.firstEnd[cell]!;
    if (first === none || completedAt[row]! < completedAt[first]!) this.firstEnd[cell] = row;
    const last = this.lastBegin[cell]!;
    if (last === none || invokedAt[row]! > invokedAt[last]!) this.lastBegin[cell] = row;
  }

  #link(cells: readonly number[]): void {
    const { completedAt, invokedAt } = this.#history.table;
    const end = (cell: number): number => (cell === none ? never : completedAt[this.firstEnd[cell]!]!);
    const begin = (cell: number): number => invokedAt[this.lastBegin[cell]!]!;
    const byBegin = [...cells].sort((a, b) => begin(b) - begin(a));
    const byEnd = [...cells].sort((a, b) => compare(end(b), end(a)));
    // From the last to the first: the versions that began later than the end of the one at hand grow in number.
    let later = 0;
    const best: number[] = [none, none, none];
    for (const cell of byEnd) {
      for (; later < byBegin.length && begin(byBegin[later]!) > end(cell); later++)
        keepEarliest(best, byBegin[later]!, end);
      const others = best.filter((other) => other !== cell);
      this.next[cell] = others[0]!;
      this.secondNext[cell] = others[1]!;
    }
  }
}

/** Later than everything, also than what never ended. */
const never = Number.MAX_VALUE;

/** Subtraction would not do: outcomes that stayed unknown have no end. */
function compare(a: number, b: number): number {
  const [first, second] = [Math.min(a, never), Math.min(b, never)];
  return first - second;
}

/** Puts the cell among the three that end first, if it belongs there. */
function keepEarliest(best: number[], cell: number, end: (cell: number) => number): void {
  best.push(cell);
  best.sort((a, b) => compare(end(a), end(b)) || b - a);
  best.pop();
}
