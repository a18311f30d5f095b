import type { Blocks } from "./blocks.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import type { ValueColumns } from "./values.ts";
import { sortedByTime } from "./zones.ts";

/** The order of operations that proves a key linearizable: block after block, stage after stage, then by beginning. */
export function certificate(history: KeyHistory, columns: ValueColumns, blocks: Blocks): Int32Array {
  const reads = readsByValue(history);
  const order = new Int32Array(history.count);
  let count = 0;
  for (const block of blockOrder(blocks)) {
    for (let at = blocks.starts[block]!; at < blocks.starts[block + 1]!; at++) {
      const value = blocks.stages[at]!;
      if (value !== initialValue) order[count++] = columns.writer[value]!;
      for (let i = reads.starts[value]!; i < reads.starts[value + 1]!; i++) order[count++] = reads.operations[i]!;
    }
  }
  return order.subarray(0, count);
}

/**
 * Carries out operations in a claimed order, and says why it is no proof, or null when it is one. Knows nothing of
 * blocks: it only sees that each operation is legal, in time, and that none that happened is missing.
 */
export function replay(history: KeyHistory, order: Int32Array): string | null {
  const done = new Uint8Array(history.count);
  let value = initialValue;
  let latestInv = Number.NEGATIVE_INFINITY;
  for (const op of order) {
    if (done[op] === 1) return `operation ${op} comes twice`;
    done[op] = 1;
    if (history.ret[op]! < latestInv) return `operation ${op} had ended before an earlier one began`;
    latestInv = Math.max(latestInv, history.inv[op]!);
    const from = history.from[op]!;
    if (from >= 0 && from !== value) return `operation ${op} needs value ${from} and finds ${value}`;
    if (history.to[op]! >= 0) value = history.to[op]!;
  }
  for (let op = 0; op < history.count; op++) {
    const kind = history.kind[op]!;
    const happened = kind !== kinds.failed && kind !== kinds.refused && history.ret[op]! !== Infinity;
    if (happened && done[op] === 0) return `operation ${op} is missing`;
  }
  return null;
}

/** Forward blocks (certainly current from first end to last beginning) and backward ones, by their earlier border. */
function blockOrder(blocks: Blocks): Uint32Array {
  // Where two share a border, it is one operation's end and another's beginning: never equal, positions are unique.
  return sortedByTime(blocks.firstEnd.map((end, block) => Math.min(end, blocks.lastBegin[block]!)));
}

function readsByValue(history: KeyHistory): { operations: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(history.values + 1);
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! === kinds.read) starts[history.from[op]! + 1]!++;
  }
  for (let value = 0; value < history.values; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const operations = new Int32Array(starts[history.values]!);
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! === kinds.read) operations[next[history.from[op]!]!++] = op;
  }
  return { operations, starts };
}
