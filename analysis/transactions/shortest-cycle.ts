import type { View } from "./components.ts";

/** A path through states: each edge, and the state that it starts from. */
export interface PathStep {
  readonly state: number;
  readonly edge: number;
}

/**
 * Breadth-first searches over one view after the other. Helpers cost nothing, so that lengths count transactions. The
 * edges looked at are counted against one limit for all searches, so that a huge component costs bounded time.
 */
export class PathSearch {
  #edgesLeft: number;
  #stamps = new Int32Array(0);
  #stamp = 0;
  #cameBy = new Int32Array(0);
  #cameFrom = new Int32Array(0);

  constructor(edgeLimit: number) {
    this.#edgesLeft = edgeLimit;
  }

  get exhausted(): boolean {
    return this.#edgesLeft <= 0;
  }

  /** The shortest path, of at most `longest` transactions; null when there is none. */
  shortest(view: View, from: number, to: number, longest: number): PathStep[] | null {
    this.#prepare(view.states);
    const { starts } = view.graph;
    this.#stamps[from] = this.#stamp;
    let level = [from];
    for (let length = 0; level.length > 0 && length <= longest; length++) {
      const next: number[] = [];
      for (let at = 0; at < level.length; at++) {
        const state = level[at]!;
        if (state === to) return this.#pathTo(from, to);
        const node = view.node(state);
        for (let edge = starts[node]!; edge < starts[node + 1]!; edge++) {
          this.#edgesLeft--;
          const target = view.follow(state, edge);
          if (target < 0 || this.#stamps[target] === this.#stamp) continue;
          this.#stamps[target] = this.#stamp;
          this.#cameBy[target] = edge;
          this.#cameFrom[target] = state;
          const isHelper = view.node(target) >= view.graph.transactions;
          if (isHelper) level.push(target);
          else next.push(target);
        }
      }
      level = next;
    }
    return null;
  }

  #prepare(states: number): void {
    this.#stamp++;
    if (states <= this.#stamps.length) return;
    this.#stamps = new Int32Array(states);
    this.#cameBy = new Int32Array(states);
    this.#cameFrom = new Int32Array(states);
    this.#stamp = 1;
  }

  #pathTo(from: number, to: number): PathStep[] {
    const path: PathStep[] = [];
    for (let state = to; state !== from; state = this.#cameFrom[state]!) {
      path.push({ state: this.#cameFrom[state]!, edge: this.#cameBy[state]! });
    }
    return path.reverse();
  }
}
