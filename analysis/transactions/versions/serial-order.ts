import { MinHeap } from "../../sequential/min-heap.ts";
import type { Graph } from "../graph.ts";

/** What keeps a transaction from coming next. */
export interface Obstacle {
  /** It may come when something happened to this key. */
  readonly key: number;
  /** The transaction whose version is still to be read by `readers`; -1 where that is not what it waits for. */
  readonly writer: number;
  readonly readers: readonly number[];
}

/** What a serial order must keep besides the edges of the graph. */
export interface SerialRules {
  /** Of a transaction: those of the smallest number come first, of those that may come next. */
  readonly priority: ArrayLike<number>;
  obstacle(row: number): Obstacle | null;
  /** The transaction comes next; says which keys something happened to. */
  emit(row: number): readonly number[];
  /** Takes back the last one that came. */
  undo(row: number): void;
}

/**
 * Looks for a serial order: of the transactions that may come next, always the one that is due first. Where that leads
 * nowhere, because a version came too early, it goes back to there and lets the other one pass first. What was found is
 * checked once more from the beginning, so it proves that there is an order; to find none proves nothing.
 */
export function hasSerialOrder(graph: Graph, isWanted: (row: number) => boolean, rules: () => SerialRules): boolean {
  const order = new Attempt(graph, isWanted, rules()).run();
  return order !== null && isSerial(order, graph, isWanted, rules());
}

/** Checks an order from its beginning, without what was tried before it was found. */
function isSerial(
  order: readonly number[],
  graph: Graph,
  isWanted: (row: number) => boolean,
  rules: SerialRules,
): boolean {
  const { starts, targets, nodes, transactions } = graph;
  const missing = new Int32Array(nodes);
  for (const target of targets) missing[target] = missing[target]! + 1;
  const isFree = (node: number): boolean => missing[node] === 0 && (node >= transactions || !isWanted(node));
  const pass = (from: readonly number[]): void => {
    const free = [...from];
    for (let next = free.pop(); next !== undefined; next = free.pop()) {
      for (let edge = starts[next]!; edge < starts[next + 1]!; edge++) {
        const target = targets[edge]!;
        missing[target] = missing[target]! - 1;
        if (isFree(target)) free.push(target);
      }
    }
  };
  pass(Array.from({ length: nodes }, (_, node) => node).filter(isFree));
  return order.every((row) => {
    if (missing[row] !== 0 || rules.obstacle(row) !== null) return false;
    rules.emit(row);
    pass([row]);
    return true;
  });
}

/** How many transactions may be taken back in all, for each that there is. */
const undoShare = 4;
/** How far a reason for an obstacle is looked for. */
const maxVisits = 500;

class Attempt {
  readonly #graph: Graph;
  readonly #isWanted: (row: number) => boolean;
  readonly #rules: SerialRules;
  readonly #missing: Int32Array;
  readonly #place: Int32Array;
  readonly #order: number[] = [];
  readonly #ready: MinHeap;
  readonly #parked = new Map<number, Set<number>>();
  /** Of a transaction: which others have to come before it, as was learned, with the key that both write. */
  readonly #learned = new Map<number, Map<number, number>>();

  constructor(graph: Graph, isWanted: (row: number) => boolean, rules: SerialRules) {
    this.#graph = graph;
    this.#isWanted = isWanted;
    this.#rules = rules;
    this.#missing = new Int32Array(graph.nodes);
    for (const target of graph.targets) this.#missing[target] = this.#missing[target]! + 1;
    this.#place = new Int32Array(graph.transactions).fill(-1);
    this.#ready = new MinHeap(rules.priority);
  }

  /** The order; null where none was found. */
  run(): readonly number[] | null {
    const { nodes, transactions } = this.#graph;
    let wanted = 0;
    const free: number[] = [];
    for (let node = 0; node < nodes; node++) {
      if (node < transactions && this.#isWanted(node)) wanted++;
      if (this.#missing[node] === 0) this.#offer(node, free);
    }
    for (const node of free) this.#pass(node);
    let undoLeft = wanted * undoShare;
    for (;;) {
      this.#emitAll();
      if (this.#order.length === wanted) return this.#order;
      const back = this.#learn();
      if (back < 0) return null;
      undoLeft -= this.#order.length - back;
      if (undoLeft < 0) return null;
      this.#goBack(back);
    }
  }

  #emitAll(): void {
    for (let row = this.#ready.pop(); row !== undefined; row = this.#ready.pop()) {
      if (this.#missing[row] !== 0 || this.#place[row]! >= 0) continue;
      const key = this.#blockedBy(row);
      if (key >= 0) {
        const waiting = this.#parked.get(key);
        if (waiting === undefined) this.#parked.set(key, new Set([row]));
        else waiting.add(row);
        continue;
      }
      this.#place[row] = this.#order.push(row) - 1;
      for (const touched of this.#rules.emit(row)) {
        for (const waiting of this.#parked.get(touched) ?? []) this.#ready.push(waiting);
        this.#parked.delete(touched);
      }
      this.#pass(row);
    }
  }

  #blockedBy(row: number): number {
    for (const [other, key] of this.#learned.get(row) ?? []) if (this.#place[other]! < 0) return key;
    return this.#rules.obstacle(row)?.key ?? -1;
  }

  #offer(node: number, free: number[]): void {
    if (node >= this.#graph.transactions || !this.#isWanted(node)) free.push(node);
    else this.#ready.push(node);
  }

  #pass(node: number): void {
    const { starts, targets } = this.#graph;
    const free = [node];
    for (let next = free.pop(); next !== undefined; next = free.pop()) {
      for (let edge = starts[next]!; edge < starts[next + 1]!; edge++) {
        const target = targets[edge]!;
        this.#missing[target] = this.#missing[target]! - 1;
        if (this.#missing[target] === 0) this.#offer(target, free);
      }
    }
  }

  /**
   * Finds versions that came too early: what waits for their readers has to come first, as these wait for it. Where
   * several wait for one another, the one that came last is tried. The place of the first of them; -1 if there is none.
   */
  #learn(): number {
    let back = -1;
    let latest: { readonly row: number; readonly obstacle: Obstacle } | null = null;
    for (const waiting of this.#parked.values()) {
      for (const row of waiting) {
        const obstacle = this.#missing[row] === 0 ? this.#rules.obstacle(row) : null;
        if (obstacle === null || obstacle.writer < 0 || this.#learned.get(obstacle.writer)?.has(row)) continue;
        const place = this.#place[obstacle.writer]!;
        if (place < 0) continue;
        if (latest === null || place > this.#place[latest.obstacle.writer]!) latest = { row, obstacle };
        if (!this.#leadsTo(row, obstacle.readers)) continue;
        this.#note(row, obstacle);
        if (back < 0 || place < back) back = place;
      }
    }
    if (back >= 0 || latest === null) return back;
    this.#note(latest.row, latest.obstacle);
    return this.#place[latest.obstacle.writer]!;
  }

  #note(row: number, { writer, key }: Obstacle): void {
    const learned = this.#learned.get(writer);
    if (learned === undefined) this.#learned.set(writer, new Map([[row, key]]));
    else learned.set(row, key);
  }

  #leadsTo(from: number, rows: readonly number[]): boolean {
    const { starts, targets } = this.#graph;
    const wanted = new Set(rows);
    const seen = new Set([from]);
    const queue = [from];
    for (let at = 0; at < queue.length && seen.size < maxVisits; at++) {
      for (let edge = starts[queue[at]!]!; edge < starts[queue[at]! + 1]!; edge++) {
        const target = targets[edge]!;
        if (wanted.has(target)) return true;
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    return false;
  }

  #goBack(place: number): void {
    for (const waiting of this.#parked.values()) for (const row of waiting) this.#ready.push(row);
    this.#parked.clear();
    while (this.#order.length > place) {
      const row = this.#order.pop()!;
      this.#place[row] = -1;
      this.#rules.undo(row);
      this.#unpass(row);
      this.#ready.push(row);
    }
  }

  #unpass(node: number): void {
    const { starts, targets, transactions } = this.#graph;
    const undone = [node];
    for (let next = undone.pop(); next !== undefined; next = undone.pop()) {
      for (let edge = starts[next]!; edge < starts[next + 1]!; edge++) {
        const target = targets[edge]!;
        const wasFree = this.#missing[target] === 0;
        this.#missing[target] = this.#missing[target]! + 1;
        if (wasFree && (target >= transactions || !this.#isWanted(target))) undone.push(target);
      }
    }
  }
}
