import { type EdgeSink, edgeTypes } from "./graph.ts";

/** Of a key: the rows that wrote what comes after all that reads of it show, and whether a row is one of them. */
export interface LateWriters {
  of(key: number): readonly number[] | undefined;
  has(row: number, key: number): boolean;
}

/** How many rows of a key may miss the others and be missed: each has edges of its own, a helper would lead to itself. */
const maxDirect = 2;

/**
 * Edges from whoever saw none of the late writers of a key to all of them. Through a helper for each key, or the final
 * reads of a thousand clients would take an edge for each pair.
 */
export class Latecomers {
  readonly #writers: LateWriters;
  readonly #sink: EdgeSink;
  readonly #helpers = new Map<number, number>();
  readonly #direct = new Map<number, number>();

  constructor(writers: LateWriters, sink: EdgeSink) {
    this.#writers = writers;
    this.#sink = sink;
  }

  missedBy(row: number, key: number): void {
    const writers = this.#writers.of(key);
    if (writers === undefined) return;
    if (this.#writers.has(row, key)) this.#missedByWriter(row, key, writers);
    else if (writers.length === 1) this.#sink.edge(row, writers[0]!, edgeTypes.rw);
    else this.#sink.edge(row, this.#helper(key, writers), edgeTypes.rw);
  }

  /** Two such rows are a lost update and a cycle of their own; more of them would add nothing. */
  #missedByWriter(row: number, key: number, writers: readonly number[]): void {
    const before = this.#direct.get(key) ?? 0;
    if (before === maxDirect) return;
    this.#direct.set(key, before + 1);
    for (const writer of writers) this.#sink.edge(row, writer, edgeTypes.rw);
  }

  #helper(key: number, writers: readonly number[]): number {
    const known = this.#helpers.get(key);
    if (known !== undefined) return known;
    const helper = this.#sink.helper();
    this.#helpers.set(key, helper);
    for (const writer of writers) this.#sink.edge(helper, writer, edgeTypes.rw);
    return helper;
  }
}
