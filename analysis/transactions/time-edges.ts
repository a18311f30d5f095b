import { outcomes } from "../operations/operation-table.ts";
import type { Extent } from "./cycles.ts";
import { type EdgeSource, edgeTypes } from "./graph.ts";
import type { TransactionTable } from "./transaction-table.ts";
import type { Edge } from "./versions/small-graph.ts";

/**
 * From each transaction to its process's next one. One of unknown outcome has none after it: it may take effect later
 * than all that its client did since.
 */
export function processEdges(table: TransactionTable, committed: Uint8Array): EdgeSource {
  return ({ edge }) => {
    const last = new Map<number, number>();
    for (let row = 0; row < table.count; row++) {
      if (committed[row] === 0) continue;
      const process = table.process[row]!;
      const before = last.get(process);
      if (before !== undefined) edge(before, row, edgeTypes.process);
      if (table.outcome[row] === outcomes.ok) last.set(process, row);
    }
  };
}

/**
 * From each transaction to all that began after its end, by places in the history. A chain of helpers, one for each
 * stretch of completions between two invocations, takes three edges a transaction for what would be a square of them.
 */
export function realtimeEdges(table: TransactionTable, committed: Uint8Array): EdgeSource {
  return ({ edge, helper }) => {
    let barrier = -1;
    let done = 0;
    for (let row = 0; row < table.count; row++) {
      if (committed[row] === 0) continue;
      const before = barrier;
      for (; done < table.completionCount; done++) {
        const ended = table.completions[done]!;
        if (table.completedAt[ended]! >= table.invokedAt[row]!) break;
        if (barrier === before) barrier = helper();
        edge(ended, barrier, edgeTypes.realtime);
      }
      if (before >= 0 && barrier !== before) edge(before, barrier, edgeTypes.realtime);
      if (barrier >= 0) edge(barrier, row, edgeTypes.realtime);
    }
  };
}

/** The edges of an extent among a few rows, one for each pair; numbered by their places. */
export function sessionEdges(table: TransactionTable, rows: readonly number[], extent: Extent): Edge[] {
  if (extent === "data") return [];
  const edges: Edge[] = [];
  rows.forEach((before, from) => {
    rows.forEach((after, to) => {
      if (!(table.completedAt[before]! < table.invokedAt[after]!)) return;
      if (extent === "process" && table.process[before] !== table.process[after]) return;
      edges.push({ from, to, type: "so", key: -1, before: -1, after: -1, assumed: false });
    });
  });
  return edges;
}

/** Where edges of an extent come from, besides reads and writes. */
export function orderSources(table: TransactionTable, committed: Uint8Array, extent: Extent): EdgeSource[] {
  return [
    ...(extent === "data" ? [] : [processEdges(table, committed)]),
    ...(extent === "realtime" ? [realtimeEdges(table, committed)] : []),
  ];
}
