import { outcomes } from "../operations/operation-table.ts";
import { type EdgeSource, edgeTypes } from "./graph.ts";
import type { TransactionTable } from "./transaction-table.ts";

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
