import { none } from "../../operations/operation-table.ts";
import { cellColumn, type RegisterHistory } from "./register-history.ts";

/** Of more rows that replace one version, which is a lost update, the rest adds nothing. */
const maxUpdates = 3;

/** Which versions replaced which, as far as transactions show that read one and wrote the other. */
export class Updates {
  /** Of a version but the absent one: the rows that read it and left another. */
  readonly of = new Map<number, readonly number[]>();
  /** Versions that replaced one another in a circle, in order; all of a key's order is then left out of account. */
  readonly circles: (readonly number[])[] = [];
  /** Of a version: the one that its writer read before. */
  readonly #replaced: Int32Array;

  constructor(history: RegisterHistory) {
    const { stepValue } = history.table;
    this.#replaced = cellColumn(history.table, none);
    history.eachUpdate((_row, read, write) => {
      this.#replaced[stepValue[write]!] = stepValue[read]!;
    });
    const circular = this.#findCircles(history);
    const rows = new Map<number, number[]>();
    history.eachUpdate((row, read) => {
      const cell = stepValue[read]!;
      if (history.isAbsent(cell) || circular.has(history.table.values.keyOf[cell]!)) return;
      const before = rows.get(cell);
      if (before === undefined) rows.set(cell, [row]);
      else if (before.length < maxUpdates) before.push(row);
    });
    this.of = rows;
  }

  /** The version that the writer of this one read before; none where it read none. */
  replacedBy(cell: number): number {
    return this.#replaced[cell]!;
  }

  /** The keys with a circle. Each version replaced at most one other, so that circles are found by walking back. */
  #findCircles({ table }: RegisterHistory): Set<number> {
    const keys = new Set<number>();
    const walkOf = new Int32Array(this.#replaced.length);
    for (let start = 0; start < table.values.count; start++) {
      const path: number[] = [];
      let cell = start;
      for (; cell !== none && walkOf[cell] === 0; cell = this.#replaced[cell]!) {
        walkOf[cell] = start + 1;
        path.push(cell);
      }
      if (cell === none || walkOf[cell] !== start + 1) continue;
      const key = table.values.keyOf[cell]!;
      if (!keys.has(key)) this.circles.push(path.slice(path.indexOf(cell)).reverse());
      keys.add(key);
    }
    return keys;
  }
}
