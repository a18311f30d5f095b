import { MinHeap } from "../../sequential/min-heap.ts";
import type { Graph } from "../graph.ts";

/** What a serial order must keep besides the edges of the graph. */
export interface SerialRules {
  /** Of a transaction: what is to be emitted first of those that may come next. */
  readonly priority: ArrayLike<number>;
  /** The key that keeps the transaction from coming next, until something happens to that key; -1 when none does. */
  blockedBy(row: number): number;
  /** The transaction comes next; says which keys something happened to. */
  emit(row: number): readonly number[];
}

/**
 * Looks for a serial order without ever going back: of the transactions that may come next, always the one that is due
 * first. To find one proves that there is one; to find none proves nothing.
 */
export function hasSerialOrder(graph: Graph, isWanted: (row: number) => boolean, rules: SerialRules): boolean {
  const { starts, targets, nodes, transactions } = graph;
  const missing = new Int32Array(nodes);
  for (let edge = 0; edge < starts[nodes]!; edge++) missing[targets[edge]!] = missing[targets[edge]!]! + 1;
  const ready = new MinHeap(rules.priority);
  const parked = new Map<number, number[]>();
  let left = 0;
  const pass = (node: number): void => {
    const free = [node];
    for (let next = free.pop(); next !== undefined; next = free.pop()) {
      for (let edge = starts[next]!; edge < starts[next + 1]!; edge++) {
        const target = targets[edge]!;
        missing[target] = missing[target]! - 1;
        if (missing[target] === 0) offer(target, free);
      }
    }
  };
  const offer = (node: number, free: number[]): void => {
    if (node >= transactions || !isWanted(node)) free.push(node);
    else ready.push(node);
  };
  const first: number[] = [];
  for (let node = 0; node < nodes; node++) {
    if (node < transactions && isWanted(node)) left++;
    if (missing[node] === 0) offer(node, first);
  }
  for (const node of first) pass(node);
  for (let row = ready.pop(); row !== undefined; row = ready.pop()) {
    const key = rules.blockedBy(row);
    if (key >= 0) {
      const waiting = parked.get(key);
      if (waiting === undefined) parked.set(key, [row]);
      else waiting.push(row);
      continue;
    }
    left--;
    for (const woken of rules.emit(row)) {
      for (const waiting of parked.get(woken) ?? []) ready.push(waiting);
      parked.delete(woken);
    }
    pass(row);
  }
  return left === 0;
}
