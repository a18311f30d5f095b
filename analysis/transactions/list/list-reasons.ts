import { none } from "../../operations/operation-table.ts";
import { type Namer, show } from "../anomaly.ts";
import { edgeTypes } from "../graph.ts";
import { stepKinds } from "../transaction-table.ts";
import type { ListHistory } from "./list-history.ts";

/**
 * Why one transaction comes before another, in words. It looks for the reason anew, in what the two did; null when
 * there is none, which would be a mistake of the checker.
 */
export function listReason(history: ListHistory, from: number, to: number, type: number, name: Namer): string | null {
  if (type === edgeTypes.ww || type === edgeTypes.wwAfterRead) {
    const why = firstStep(history, to, stepKinds.append, (step) => overwrote(history, from, to, step, name));
    if (why !== null || type === edgeTypes.ww) return why;
  }
  if (type === edgeTypes.wr)
    return firstStep(history, to, stepKinds.read, (step) => sawLast(history, from, to, step, name));
  return firstStep(history, from, stepKinds.read, (step) => missed(history, from, to, step, name));
}

function firstStep(
  { table }: ListHistory,
  row: number,
  kind: number,
  tell: (step: number) => string | null,
): string | null {
  for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
    if (table.stepKind[step] !== kind) continue;
    const told = tell(step);
    if (told !== null) return told;
  }
  return null;
}

function overwrote(history: ListHistory, from: number, to: number, step: number, name: Namer): string | null {
  const { table, orders } = history;
  const key = table.stepKey[step]!;
  if (!history.ordered(key)) return null;
  const order = orders.orderOf(key);
  const place = orders.positionOf(table.stepValue[step]!);
  if (place === none && history.lastSeenWriter(key) === from) return wroteFirst(history, from, to, step, name);
  if (history.writerBefore(key, place === none ? order.length : place) !== from) return null;
  const before = order.findLast((cell, at) => (place === none || at < place) && history.committedWriter(cell) === from);
  const [first, second] = [element(history, before!), element(history, table.stepValue[step]!)];
  const deed = `${name(from)} appended ${first} to ${table.key(key)}`;
  if (place === none) return `${deed}, where reads show it and not yet ${name(to)}'s ${second}`;
  return `${deed} just before ${name(to)}'s ${second}`;
}

/** It read its own append at the end of the list, so that what is not there came later. */
function wroteFirst(history: ListHistory, from: number, to: number, step: number, name: Namer): string | null {
  const { table } = history;
  const key = table.stepKey[step]!;
  const later = element(history, table.stepValue[step]!);
  return firstStep(history, from, stepKinds.read, (own) => {
    if (table.stepKey[own] !== key || table.stepTail[own] === 0) return null;
    return `${read(history, from, own, name)}, its own append at the end and not yet ${name(to)}'s ${later}`;
  });
}

function sawLast(history: ListHistory, from: number, to: number, step: number, name: Namer): string | null {
  const { table, orders } = history;
  const version = table.stepValue[step]!;
  const key = table.stepKey[step]!;
  if (version <= 0 || !history.ordered(key)) return null;
  const last = orders.orderOf(key)[version - 1]!;
  if (history.committedWriter(last) !== from) return null;
  return `${read(history, to, step, name)}, with ${name(from)}'s ${element(history, last)}`;
}

function missed(history: ListHistory, from: number, to: number, step: number, name: Namer): string | null {
  const { table, orders } = history;
  const version = table.stepValue[step]!;
  const key = table.stepKey[step]!;
  if (version < 0 || !history.ordered(key)) return null;
  const next = history.writerFrom(key, version);
  if (next !== none) {
    if (next !== to) return null;
    const cell = orders.orderOf(key).find((one, at) => at >= version && history.committedWriter(one) === to);
    return `${read(history, from, step, name)}, without ${name(to)}'s ${element(history, cell!)}`;
  }
  const unread = history.unreadStep(to, key);
  if (unread < 0) return null;
  return `${read(history, from, step, name)}, without ${name(to)}'s ${element(history, table.stepValue[unread]!)}`;
}

function read(history: ListHistory, row: number, step: number, name: Namer): string {
  return `${name(row)} read ${history.table.key(history.table.stepKey[step]!)} as ${show(history.readValue(row, step))}`;
}

function element({ table }: ListHistory, cell: number): string {
  return JSON.stringify(table.values.value(cell));
}
