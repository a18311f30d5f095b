import { none, outcomes } from "../../operations/operation-table.ts";
import { type EdgeSink, type EdgeSource, edgeTypes } from "../graph.ts";
import { stepKinds } from "../transaction-table.ts";
import type { ListHistory } from "./list-history.ts";

/** Who comes before whom by the order of versions and by what was read of it. */
export function listEdges(history: ListHistory): EdgeSource {
  return (sink) => {
    const latecomers = new Latecomers(history, sink);
    for (let key = 0; key < history.table.keys.count; key++) if (history.ordered(key)) writeEdges(history, key, sink);
    for (let row = 0; row < history.table.count; row++) {
      if (history.table.outcome[row] === outcomes.ok) readEdges(history, row, sink, latecomers);
    }
  };
}

/** From the writer of each element to that of the next, and from the last to those whom no read shows yet. */
function writeEdges(history: ListHistory, key: number, { edge }: EdgeSink): void {
  let before: number = none;
  for (const cell of history.orders.orderOf(key)) {
    const writer = history.committedWriter(cell);
    if (writer === none) continue;
    if (before !== none) edge(before, writer, edgeTypes.ww);
    before = writer;
  }
  if (before === none) return;
  for (const writer of history.unread[key] ?? []) edge(before, writer, edgeTypes.ww);
}

/** To the row from whom it read, and from it to whoever appended next. */
function readEdges(history: ListHistory, row: number, { edge }: EdgeSink, latecomers: Latecomers): void {
  const { table, orders } = history;
  for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
    const key = table.stepKey[step]!;
    if (table.stepKind[step] !== stepKinds.read || !history.ordered(key)) continue;
    const version = table.stepValue[step]!;
    if (version > 0) {
      const writer = history.committedWriter(orders.orderOf(key)[version - 1]!);
      if (writer !== none) edge(writer, row, edgeTypes.wr);
    }
    const next = history.writerFrom(key, version);
    if (next !== none) edge(row, next, edgeTypes.rw);
    else latecomers.missedBy(row, key);
  }
}

/** How many rows of a key may read all and append: each has edges of its own, since a helper would lead to itself. */
const maxDirect = 2;

/**
 * Edges from whoever read all there was to all whose appends were not read by anyone. Through a helper for each key,
 * or a final read of a thousand clients would take an edge for each of its pairs.
 */
class Latecomers {
  readonly #history: ListHistory;
  readonly #sink: EdgeSink;
  readonly #helpers = new Map<number, number>();
  readonly #direct = new Map<number, number>();

  constructor(history: ListHistory, sink: EdgeSink) {
    this.#history = history;
    this.#sink = sink;
  }

  missedBy(row: number, key: number): void {
    const writers = this.#history.unread[key];
    if (writers === undefined) return;
    if (this.#history.unreadStep(row, key) >= 0) this.#missedByWriter(row, key, writers);
    else if (writers.length === 1) this.#sink.edge(row, writers[0]!, edgeTypes.rw);
    else this.#sink.edge(row, this.#helper(key, writers), edgeTypes.rw);
  }

  /** Two such rows are a lost update and a cycle of their own; more of them would add nothing. */
  #missedByWriter(row: number, key: number, writers: readonly number[]): void {
    const before = this.#direct.get(key) ?? 0;
    if (before === maxDirect) return;
    this.#direct.set(key, before + 1);
    for (const writer of writers) this.#sink.edge(row, writer, edgeTypes.rw);
  }

  #helper(key: number, writers: readonly number[]): number {
    const known = this.#helpers.get(key);
    if (known !== undefined) return known;
    const helper = this.#sink.helper();
    this.#helpers.set(key, helper);
    for (const writer of writers) this.#sink.edge(helper, writer, edgeTypes.rw);
    return helper;
  }
}
