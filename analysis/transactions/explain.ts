import { type Anomaly, type Dependency, type Namer, namer } from "./anomaly.ts";
import type { Cycle, Extent } from "./cycles.ts";
import { anyRw, edgeTypes } from "./graph.ts";
import type { TransactionTable } from "./transaction-table.ts";

/** Why one transaction comes before another by what they read and wrote; null when there is no reason to be found. */
export type Reason = (from: number, to: number, type: number, name: Namer) => string | null;

/** A cycle with a reason for each edge; null when one has none, which would be a mistake of the checker. */
export function explainCycle(table: TransactionTable, cycle: Cycle, dataReason: Reason): Anomaly | null {
  const rows = new Set(cycle.rows);
  const learnNames = (row: number): string => `T${rows.add(row).size}`;
  if (tell(table, cycle, dataReason, learnNames) === null) return null;
  return tell(table, cycle, dataReason, namer([...rows]), [...rows]);
}

/** The cycle told with these names; reasons may name witnesses that are not of the cycle. */
function tell(
  table: TransactionTable,
  cycle: Cycle,
  dataReason: Reason,
  name: Namer,
  rows: readonly number[] = cycle.rows,
): Anomaly | null {
  const orders: Dependency[] = [];
  for (const [at, before] of cycle.rows.entries()) {
    const after = cycle.rows[(at + 1) % cycle.rows.length]!;
    const type = cycle.types[at]!;
    const why = isOrder(type)
      ? orderReason(table, before, after, extentOf(type), name)
      : dataReason(before, after, type, name);
    if (why === null) return null;
    orders.push({ type: typeName(type), before: table.invokedAt[before]!, after: table.invokedAt[after]!, why });
  }
  const whys = orders.map(({ why }) => why);
  const moral = whys.length === 2 ? "each would have to come before the other" : "so none of them can have been first";
  return {
    name: cycle.name,
    rows: [...rows].sort((a, b) => a - b),
    sentence: `${whys.join("; ")}: ${moral}`,
    orders,
  };
}

function isOrder(type: number): boolean {
  return (type & (edgeTypes.process | edgeTypes.realtime)) !== 0;
}

function extentOf(type: number): Extent {
  return type === edgeTypes.process ? "process" : "realtime";
}

/** Why one transaction comes before another by an order that needs no reads and writes. */
export function orderReason(
  table: TransactionTable,
  from: number,
  to: number,
  extent: Extent,
  name: Namer,
): string | null {
  if (!(table.completedAt[from]! < table.invokedAt[to]!)) return null;
  if (extent === "process") {
    if (table.process[from] !== table.process[to]) return null;
    return `process ${table.process[from]} did ${name(from)} before ${name(to)}`;
  }
  const pause = duration(table.invokedAtNs[to]! - table.completedAtNs[from]!);
  return `${name(from)} ended ${pause}before ${name(to)} began`;
}

function duration(ns: number): string {
  const milliseconds = ns / 1e6;
  if (milliseconds <= 0) return "";
  return `${milliseconds >= 10 ? Math.floor(milliseconds) : Number(milliseconds.toPrecision(2))} ms `;
}

function typeName(type: number): Dependency["type"] {
  if ((type & anyRw) !== 0) return "rw";
  if (type === edgeTypes.ww || type === edgeTypes.wwAfterRead) return "ww";
  if (type === edgeTypes.wr) return "wr";
  return type === edgeTypes.process ? "process" : "realtime";
}
