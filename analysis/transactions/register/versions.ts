import type { RegisterHistory } from "./register-history.ts";

/** A version that a committed row left: who wrote and read it, and when it was certainly there first and seen last. */
interface Version {
  readonly writer: number;
  readonly readers: number[];
  /** Positions in the history: the first end of a row that knew it, and the last beginning of one. */
  firstEnd: number;
  lastBegin: number;
}

/** All versions of all keys that are judged, each with those who knew it. */
export class Versions {
  readonly #cells = new Map<number, number[]>();
  readonly #of = new Map<number, Version>();
  readonly #firstReaders = new Map<number, number[]>();

  constructor(history: RegisterHistory) {
    const { table, writers } = history;
    writers.forEach((rows, key) => {
      if (rows === undefined || !history.judged(key)) return;
      const cells = rows.map((row) => table.stepValue[history.finalWrite(row, key)]!);
      this.#cells.set(key, cells);
      for (const cell of cells) {
        const writer = history.committedWriter(cell);
        const [firstEnd, lastBegin] = [table.completedAt[writer]!, table.invokedAt[writer]!];
        this.#of.set(cell, { writer, readers: [], firstEnd, lastBegin });
      }
    });
    history.eachExternalRead((row, _step, cell, key) => {
      if (history.isAbsent(cell)) {
        addTo(this.#firstReaders, key, row);
        return;
      }
      const version = this.#of.get(cell);
      if (version === undefined || version.writer === row || version.readers.at(-1) === row) return;
      version.readers.push(row);
      version.firstEnd = Math.min(version.firstEnd, table.completedAt[row]!);
      version.lastBegin = Math.max(version.lastBegin, table.invokedAt[row]!);
    });
  }

  isKnown(cell: number): boolean {
    return this.#of.has(cell);
  }

  /** The rows that read the version, but for its writer. */
  readers(cell: number): readonly number[] {
    return this.#of.get(cell)?.readers ?? [];
  }

  /** The rows that read of the key that it held nothing yet. */
  firstReaders(key: number): readonly number[] {
    return this.#firstReaders.get(key) ?? [];
  }

  /** Whether somebody who knew the one had ended before somebody who knew the other began. */
  isBefore(cell: number, other: number): boolean {
    return this.#of.get(cell)!.firstEnd < this.#of.get(other)!.lastBegin;
  }

  /** The versions of each key in the order in which they were certainly there. */
  *byEnd(): Generator<{ key: number; cells: readonly number[] }> {
    for (const [key, cells] of this.#cells) {
      yield { key, cells: cells.toSorted((a, b) => compare(this.#of.get(a)!.firstEnd, this.#of.get(b)!.firstEnd)) };
    }
  }

  /**
   * The versions of each key, cut where real time puts all of those on one side before all of those on the other, and
   * shows nothing to the contrary; without `byTime`, uncut.
   */
  *clusters(byTime: boolean): Generator<readonly (readonly number[])[]> {
    for (const cells of this.#cells.values()) yield byTime ? this.#cut(cells) : [cells];
  }

  #cut(cells: readonly number[]): readonly (readonly number[])[] {
    const sorted = cells
      .map((cell) => ({ cell, ...this.#of.get(cell)! }))
      .sort((a, b) => a.lastBegin - b.lastBegin || a.cell - b.cell);
    const firstEndFrom = new Array<number>(sorted.length + 1).fill(Number.POSITIVE_INFINITY);
    for (let at = sorted.length - 1; at >= 0; at--) {
      firstEndFrom[at] = Math.min(firstEndFrom[at + 1]!, sorted[at]!.firstEnd);
    }
    const clusters: number[][] = [];
    let lastEnd = Number.NEGATIVE_INFINITY;
    sorted.forEach(({ cell, firstEnd, lastBegin }, at) => {
      const before = sorted[at - 1];
      const cuts = before === undefined || (lastEnd < lastBegin && firstEndFrom[at]! >= before.lastBegin);
      if (cuts) clusters.push([cell]);
      else clusters.at(-1)!.push(cell);
      lastEnd = Math.max(lastEnd, firstEnd);
    });
    return clusters;
  }
}

function addTo(lists: Map<number, number[]>, key: number, row: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [row]);
  else if (list.at(-1) !== row) list.push(row);
}

/** Subtraction would not do: outcomes that stayed unknown have no end. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
