import { none, outcomes } from "../../operations/operation-table.ts";
import { type EdgeSink, type EdgeSource, edgeTypes } from "../graph.ts";
import { Latecomers } from "../latecomers.ts";
import { stepKinds } from "../transaction-table.ts";
import type { ListHistory } from "./list-history.ts";

/** Who comes before whom by the order of versions and by what was read of it. */
export function listEdges(history: ListHistory): EdgeSource {
  return (sink) => {
    const writers = {
      of: (key: number) => history.unread[key],
      has: (row: number, key: number) => history.unreadStep(row, key) >= 0,
    };
    const latecomers = new Latecomers(writers, sink);
    for (let key = 0; key < history.table.keys.count; key++) if (history.ordered(key)) writeEdges(history, key, sink);
    for (let row = 0; row < history.table.count; row++) {
      if (history.table.outcome[row] === outcomes.ok) readEdges(history, row, sink, latecomers);
    }
  };
}

/** From the writer of each element to that of the next, and from the last to those whom no read shows yet. */
function writeEdges(history: ListHistory, key: number, { edge }: EdgeSink): void {
  const last = history.lastSeenWriter(key);
  if (last !== none) for (const writer of history.unread[key] ?? []) edge(last, writer, edgeTypes.wwAfterRead);
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
