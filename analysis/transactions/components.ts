import { anyRw, type Graph } from "./graph.ts";

/**
 * A graph with only some types of edges. With `alternating`, paths may not take two rw edges in a row: each node is
 * then two states, 2·node, and 2·node + 1 when it was reached by an rw edge (a helper passes on what led to it).
 */
export class View {
  readonly graph: Graph;
  readonly mask: number;
  readonly alternating: boolean;
  readonly states: number;

  constructor(graph: Graph, mask: number, alternating = false) {
    this.graph = graph;
    this.mask = mask;
    this.alternating = alternating;
    this.states = alternating ? graph.nodes * 2 : graph.nodes;
  }

  node(state: number): number {
    return this.alternating ? state >> 1 : state;
  }

  /** Where the edge leads from the state; -1 where the view does not have it. Helpers end what led to them. */
  follow(state: number, edge: number): number {
    const type = this.graph.types[edge]!;
    const target = this.graph.targets[edge]!;
    const fromHelper = this.node(state) >= this.graph.transactions;
    if (!fromHelper && (type & this.mask) === 0) return -1;
    if (!this.alternating) return target;
    if (fromHelper) return target * 2 + (state & 1);
    if ((type & anyRw) === 0) return target * 2;
    return (state & 1) === 1 ? -1 : target * 2 + 1;
  }
}

/** Strongly connected components. Of each state its component's number; -1 for one that lies on no cycle. */
export interface Components {
  readonly of: Int32Array;
  readonly count: number;
}

/** The transactions of each component that has more than one, of a view in which states are nodes. */
export function membersOf({ of, count }: Components, transactions: number): readonly (readonly number[])[] {
  const members = Array.from({ length: count }, (): number[] => []);
  for (let row = 0; row < transactions; row++) if (of[row]! >= 0) members[of[row]!]!.push(row);
  return members.filter((rows) => rows.length > 1);
}

/** Tarjan's algorithm, without recursion: a history may be one component of a million transactions. */
export function findComponents(view: View): Components {
  const { starts } = view.graph;
  const { states } = view;
  const of = new Int32Array(states).fill(-1);
  const order = new Int32Array(states);
  const low = new Int32Array(states);
  const nextEdge = new Int32Array(states);
  const path = new Int32Array(states);
  const open = new Int32Array(states);
  let visited = 0;
  let openCount = 0;
  let count = 0;
  for (let root = 0; root < states; root++) {
    if (order[root]! !== 0) continue;
    let depth = 0;
    path[0] = root;
    order[root] = low[root] = ++visited;
    nextEdge[root] = starts[view.node(root)]!;
    open[openCount++] = root;
    while (depth >= 0) {
      const state = path[depth]!;
      const edge = nextEdge[state]!;
      if (edge < starts[view.node(state) + 1]!) {
        nextEdge[state] = edge + 1;
        const target = view.follow(state, edge);
        if (target < 0) continue;
        if (order[target]! === 0) {
          order[target] = low[target] = ++visited;
          nextEdge[target] = starts[view.node(target)]!;
          open[openCount++] = target;
          path[++depth] = target;
        } else if (of[target]! === -1 && order[target]! < low[state]!) low[state] = order[target]!;
        continue;
      }
      depth--;
      if (depth >= 0 && low[state]! < low[path[depth]!]!) low[path[depth]!] = low[state]!;
      if (low[state]! !== order[state]!) continue;
      const alone = open[openCount - 1] === state;
      let member: number;
      do {
        member = open[--openCount]!;
        of[member] = alone ? -2 : count;
      } while (member !== state);
      if (!alone) count++;
    }
  }
  for (let state = 0; state < states; state++) if (of[state] === -2) of[state] = -1;
  return { of, count };
}
