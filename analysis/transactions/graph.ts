/**
 * Why one transaction comes before another, as bits. Of `rwInTime` the order of versions is told by real time alone; of
 * `wwAfterRead` by a read: were it the other way round, the first would have missed what it then wrote behind.
 */
export const edgeTypes = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16, rwInTime: 32, wwAfterRead: 64 } as const;
export const anyRw = edgeTypes.rw | edgeTypes.rwInTime;

/** Takes the edges of a graph. Those that make them do so twice, the same both times: to be counted, then stored. */
export interface EdgeSink {
  edge(from: number, to: number, type: number): void;
  /**
   * A new node that stands for no transaction. It saves edges: what comes before it comes before all that it comes
   * before. The type of the edge into it is that of the whole.
   */
  helper(): number;
}

export type EdgeSource = (sink: EdgeSink) => void;

/** A directed graph of transactions (nodes 0 to `transactions`) and helpers (the nodes after those), by source. */
export interface Graph {
  readonly nodes: number;
  /** Of a node: the transaction's row; none for a helper. Left out: the node's own number, below `transactions`. */
  readonly rows?: Int32Array;
  readonly transactions: number;
  /** The edges from a node lie from `starts[node]` to `starts[node + 1]`. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly types: Uint8Array;
}

export function buildGraph(transactions: number, sources: readonly EdgeSource[]): Graph {
  const counted = countEdges(transactions, sources);
  const { nodes, degrees } = counted;
  const starts = new Int32Array(nodes + 1);
  for (let node = 0; node < nodes; node++) starts[node + 1] = starts[node]! + degrees[node]!;
  const targets = new Int32Array(starts[nodes]!);
  const types = new Uint8Array(starts[nodes]!);
  const next = starts.slice();
  let helpers = transactions;
  const store: EdgeSink = {
    edge: (from, to, type) => {
      if (from === to) return;
      const place = next[from]!;
      next[from] = place + 1;
      targets[place] = to;
      types[place] = type;
    },
    helper: () => helpers++,
  };
  for (const source of sources) source(store);
  return { nodes, transactions, starts, targets, types };
}

function countEdges(transactions: number, sources: readonly EdgeSource[]): { nodes: number; degrees: Int32Array } {
  let degrees = new Int32Array(transactions * 2 + 16);
  let nodes = transactions;
  const count: EdgeSink = {
    edge: (from, to) => {
      if (from !== to) degrees[from] = degrees[from]! + 1;
    },
    helper: () => {
      if (nodes === degrees.length) {
        const more = new Int32Array(nodes * 2);
        more.set(degrees);
        degrees = more;
      }
      return nodes++;
    },
  };
  for (const source of sources) source(count);
  return { nodes, degrees };
}

/** The part of a graph within components of more than one node. Transactions keep their order and come first. */
export function withinComponents(graph: Graph, components: Int32Array): Graph {
  const renumbered = new Int32Array(graph.nodes).fill(-1);
  const kept: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    if (components[node]! >= 0) renumbered[node] = kept.push(node) - 1;
  }
  const starts = new Int32Array(kept.length + 1);
  const inside = (node: number, edge: number): boolean => components[node] === components[graph.targets[edge]!];
  kept.forEach((node, at) => {
    let degree = 0;
    for (let edge = graph.starts[node]!; edge < graph.starts[node + 1]!; edge++) if (inside(node, edge)) degree++;
    starts[at + 1] = starts[at]! + degree;
  });
  const targets = new Int32Array(starts[kept.length]!);
  const types = new Uint8Array(starts[kept.length]!);
  let place = 0;
  for (const node of kept) {
    for (let edge = graph.starts[node]!; edge < graph.starts[node + 1]!; edge++) {
      if (!inside(node, edge)) continue;
      targets[place] = renumbered[graph.targets[edge]!]!;
      types[place++] = graph.types[edge]!;
    }
  }
  const transactions = kept.filter((node) => node < graph.transactions).length;
  return { nodes: kept.length, rows: Int32Array.from(kept), transactions, starts, targets, types };
}
