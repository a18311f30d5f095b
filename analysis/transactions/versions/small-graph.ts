/** Why one transaction comes before another: by a write that replaced a write, by a read, or by the order of sessions. */
export type EdgeType = "ww" | "wr" | "rw" | "so";

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly type: EdgeType;
  /** Of ww, wr and rw: the key, and the versions of it that the edge is about. */
  readonly key: number;
  readonly before: number;
  readonly after: number;
  /** Whether the order of the two versions is an assumption. */
  readonly assumed: boolean;
}

/** A few transactions and the edges between them. Edges are taken back in the reverse of the order of their adding. */
export class SmallGraph {
  readonly nodes: number;
  readonly out: readonly Edge[][];
  /** Of a node: whether its transaction writes. */
  readonly writes: readonly boolean[];
  readonly #added: Edge[] = [];

  constructor(writes: readonly boolean[], edges: readonly Edge[]) {
    this.nodes = writes.length;
    this.writes = writes;
    this.out = writes.map(() => []);
    this.add(edges);
  }

  get size(): number {
    return this.#added.length;
  }

  add(edges: readonly Edge[]): void {
    for (const edge of edges) {
      this.out[edge.from]!.push(edge);
      this.#added.push(edge);
    }
  }

  /** Takes back what was added since the graph had this size. */
  shrinkTo(size: number): void {
    while (this.#added.length > size) this.out[this.#added.pop()!.from]!.pop();
  }
}

/** How many edges a decision may look at in all. */
export class Effort {
  #left: number;

  constructor(edges: number) {
    this.#left = edges;
  }

  /** Throws EffortSpent when nothing is left. */
  spend(edges: number): void {
    this.#left -= edges;
    if (this.#left < 0) throw new EffortSpent();
  }
}

export class EffortSpent extends Error {
  override readonly name = "EffortSpent";
}
