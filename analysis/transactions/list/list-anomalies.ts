import { none, outcomes } from "../../operations/operation-table.ts";
import { type Anomalies, show } from "../anomaly.ts";
import { stepKinds } from "../transaction-table.ts";
import type { ListHistory } from "./list-history.ts";

/** All that is wrong with lists before dependencies are looked at, each in one pass. */
export function findListAnomalies(history: ListHistory, found: Anomalies): void {
  const teller = new Teller(history, found);
  for (const contradiction of history.orders.contradictions) teller.contradiction(contradiction);
  for (const stray of history.orders.strays) teller.stray(stray);
  for (let key = 0; key < history.table.keys.count; key++) if (history.judged(key)) teller.versions(key);
  teller.intermediateReads();
  teller.lostUpdates();
}

class Teller {
  readonly #history: ListHistory;
  readonly #found: Anomalies;

  constructor(history: ListHistory, found: Anomalies) {
    this.#history = history;
    this.#found = found;
  }

  contradiction({ row, step, kind, expected, whole }: ListHistory["orders"]["contradictions"][number]): void {
    if (!this.#history.judged(this.#key(step))) return;
    if (kind === "future") {
      this.#found.add(
        "future-read",
        [row],
        (name) => `${this.#read(name(row), row, step)}, which holds its own later append`,
      );
      return;
    }
    const before = show(expected.map((code) => this.#valueOf(step, code)));
    const why = whole ? `although its own steps before make it ${before}` : `which does not end in its own ${before}`;
    this.#found.add("internal", [row], (name) => `${this.#read(name(row), row, step)}, ${why}`);
  }

  stray({ row, step, cells }: ListHistory["orders"]["strays"][number]): void {
    const key = this.#key(step);
    if (!this.#history.judged(key)) return;
    const twice = cells.find((cell, at) => cells.indexOf(cell) !== at);
    if (twice !== undefined) {
      const what = this.#value(twice);
      this.#found.add(
        "duplicate-elements",
        [row],
        (name) => `${this.#read(name(row), row, step)}: ${what} is in it twice`,
      );
    }
    for (const cell of cells) if (this.#history.orders.positionOf(cell) === none) this.#origin(cell, row, step);
    for (const [at, cell] of cells.entries()) {
      const own = this.#ownBefore(key, cell);
      if (own === none) continue;
      const place = cells.indexOf(own);
      if (place < 0 || place >= at) this.#ownOrder(own, cell, row, step);
    }
    this.#disagreement(row, step, cells);
  }

  /** The elements of the longest read: each was appended, in which order, and by whom that did not fail. */
  versions(key: number): void {
    const { orders, table } = this.#history;
    let aborted: number = none;
    for (const cell of orders.orderOf(key)) {
      const writer = table.writerOf(cell);
      const place = orders.positionOf(cell);
      const reader = orders.firstReader[cell]!;
      const own = this.#ownBefore(key, cell);
      const isShown = own === none || (orders.positionOf(own) !== none && orders.positionOf(own) < place);
      if (!isShown) this.#ownOrder(own, cell, reader, this.#readShowing(reader, key, place));
      if (writer === none || table.outcome[writer] === outcomes.fail) {
        this.#origin(cell, reader, this.#readShowing(reader, key, place));
        if (writer !== none && aborted === none) aborted = cell;
      } else if (aborted !== none) {
        this.#dirtyUpdate(key, aborted, cell);
        aborted = none;
      }
    }
  }

  intermediateReads(): void {
    const { table, orders } = this.#history;
    this.#eachRead((row, step, key, version) => {
      if (version === 0) return;
      const last = orders.orderOf(key)[version - 1]!;
      const writer = table.writerOf(last);
      if (writer === none || writer === row) return;
      const later = this.#laterAppend(writer, key, last);
      if (later < 0) return;
      this.#found.add("G1b", [writer, row], (name) => {
        const end = `which ends in ${name(writer)}'s ${this.#value(last)}`;
        const missing = `but ${name(writer)} went on to append ${this.#value(table.stepValue[later]!)}`;
        return `${this.#read(name(row), row, step)}, ${end}, ${missing}`;
      });
    });
  }

  lostUpdates(): void {
    const { table, orders } = this.#history;
    const updaters = new Map<number, { row: number; append: number }>();
    this.#eachRead((row, step, key, version) => {
      const append = this.#firstAppend(row, key);
      if (append < 0 || this.#isRepeated(row, step)) return;
      const readCell = version === 0 ? ~key : orders.orderOf(key)[version - 1]!;
      const other = updaters.get(readCell);
      updaters.set(readCell, other ?? { row, append });
      if (other === undefined) return;
      const list = show(this.#history.readValue(row, step).slice(0, version));
      const mine = this.#value(table.stepValue[append]!);
      const theirs = this.#value(table.stepValue[other.append]!);
      this.#found.add("lost-update", [other.row, row], (name) => {
        const [[first, a], [second, b]] =
          row < other.row
            ? [
                [row, mine],
                [other.row, theirs],
              ]
            : [
                [other.row, theirs],
                [row, mine],
              ];
        const both = `${name(first as number)} and ${name(second as number)}`;
        return `${both} both read ${table.key(key)} as ${list} and appended to it, ${a} and ${b}: neither saw the other's`;
      });
    });
  }

  #eachRead(visit: (row: number, step: number, key: number, version: number) => void): void {
    const { table } = this.#history;
    for (let row = 0; row < table.count; row++) {
      if (table.outcome[row] !== outcomes.ok) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        if (table.stepKind[step] !== stepKinds.read || table.stepValue[step]! < 0) continue;
        if (this.#history.judged(this.#key(step))) visit(row, step, this.#key(step), table.stepValue[step]!);
      }
    }
  }

  /** An element that nobody appended, or that a failed transaction did. */
  #origin(cell: number, reader: number, step: number): void {
    const { table } = this.#history;
    const writer = table.writerOf(cell);
    if (writer === none) {
      this.#found.add("phantom", [reader], (name) => {
        return `${this.#read(name(reader), reader, step)}, but no transaction appended ${this.#value(cell)}`;
      });
    } else if (table.outcome[writer] === outcomes.fail) {
      this.#found.add("G1a", [writer, reader], (name) => {
        const aborted = `but ${this.#value(cell)} was appended by ${name(writer)}, which certainly failed`;
        return `${this.#read(name(reader), reader, step)}, ${aborted}`;
      });
    }
  }

  /** An element before which a read does not show what its transaction had appended first. */
  #ownOrder(own: number, cell: number, reader: number, step: number): void {
    const writer = this.#history.table.writerOf(cell);
    this.#found.add("incompatible-order", [writer, reader], (name) => {
      const appended = `${name(writer)} appended ${this.#value(own)} before ${this.#value(cell)}`;
      return `${this.#read(name(reader), reader, step)}, but ${appended}`;
    });
  }

  /** What the cell's writer appended to the key just before it; none when that was its first, or nobody's. */
  #ownBefore(key: number, cell: number): number {
    const { table } = this.#history;
    const row = table.writerOf(cell);
    if (row === none) return none;
    let before: number = none;
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKey[step] !== key || table.stepKind[step] !== stepKinds.append) continue;
      if (table.stepValue[step] === cell) return before;
      before = table.stepValue[step]!;
    }
    return none;
  }

  #dirtyUpdate(key: number, aborted: number, cell: number): void {
    const { table, orders } = this.#history;
    const [failed, writer, reader] = [table.writerOf(aborted), table.writerOf(cell), orders.firstReader[cell]!];
    if (this.#history.committed[writer] === 0) return;
    this.#found.add("dirty-update", [failed, writer, reader], (name) => {
      const built = `${name(writer)}'s ${this.#value(cell)} follows ${name(failed)}'s ${this.#value(aborted)} in ${table.key(key)}`;
      return `${built}, as ${name(reader)} read, although ${name(failed)} certainly failed`;
    });
  }

  #disagreement(row: number, step: number, cells: readonly number[]): void {
    const { orders } = this.#history;
    const order = orders.orderOf(this.#key(step));
    const at = cells.findIndex((cell, place) => place < order.length && order[place] !== cell);
    if (at < 0 || cells.indexOf(cells[at]!) < at) return;
    const other = orders.firstReader[order[at]!]!;
    const otherStep = this.#readShowing(other, this.#key(step), at);
    this.#found.add("incompatible-order", [row, other], (name) => {
      const [[a, aStep], [b, bStep]] =
        row < other
          ? [
              [row, step],
              [other, otherStep],
            ]
          : [
              [other, otherStep],
              [row, step],
            ];
      const second = show(this.#history.readValue(b as number, bStep as number));
      return `${this.#read(name(a as number), a as number, aStep as number)}, but ${name(b as number)} read it as ${second}: neither can have grown into the other`;
    });
  }

  /** A read of the row that shows the element at the place; it is known to have one. */
  #readShowing(row: number, key: number, place: number): number {
    const { table } = this.#history;
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      const reads = table.stepKind[step] === stepKinds.read && table.stepKey[step] === key;
      if (reads && (table.stepValue[step]! < 0 || table.stepValue[step]! > place)) return step;
    }
    return table.firstStep[row]!;
  }

  #laterAppend(row: number, key: number, cell: number): number {
    const { table } = this.#history;
    for (let step = table.endOfSteps(row) - 1; step >= table.firstStep[row]!; step--) {
      if (table.stepKey[step] !== key || table.stepKind[step] !== stepKinds.append) continue;
      return table.stepValue[step] === cell ? -1 : step;
    }
    return -1;
  }

  #firstAppend(row: number, key: number): number {
    const { table } = this.#history;
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKey[step] === key && table.stepKind[step] === stepKinds.append) return step;
    }
    return -1;
  }

  /** Whether the transaction has read the key before. */
  #isRepeated(row: number, read: number): boolean {
    const { table } = this.#history;
    for (let step = table.firstStep[row]!; step < read; step++) {
      if (table.stepKind[step] === stepKinds.read && table.stepKey[step] === table.stepKey[read]) return true;
    }
    return false;
  }

  #read(name: string, row: number, step: number): string {
    return `${name} read ${this.#history.table.key(this.#key(step))} as ${show(this.#history.readValue(row, step))}`;
  }

  #key(step: number): number {
    return this.#history.table.stepKey[step]!;
  }

  #value(cell: number): string {
    return JSON.stringify(this.#history.table.values.value(cell));
  }

  #valueOf(step: number, code: number): unknown {
    const { values } = this.#history.table;
    return values.value(values.cell(this.#key(step), code));
  }
}
