import { type EdgeSink, edgeTypes } from "./graph.ts";

/** Of a key: the rows that wrote what comes after all that reads of it show, and whether a row is one of them. */
export interface LateWriters {
  of(key: number): readonly number[] | undefined;
  has(row: number, key: number): boolean;
}

/**
 * Edges from whoever saw none of the late writers of a key to all of them. Through a helper for each key, or the final
 * reads of a thousand clients would take an edge for each pair.
 */
export class Latecomers {
  readonly #writers: LateWriters;
  readonly #sink: EdgeSink;
  readonly #helpers = new Map<number, number>();
  /** Of a key: the first row that missed the others and was missed. A helper would lead back to it. */
  readonly #firstWriter = new Map<number, number>();

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

  /**
   * What such a row wrote came before the others': after them, it would have missed them. Two such rows are a lost
   * update and a cycle of their own, so that each but the first needs an edge to the first alone, which has all others.
   */
  #missedByWriter(row: number, key: number, writers: readonly number[]): void {
    const first = this.#firstWriter.get(key);
    if (first !== undefined) {
      this.#sink.edge(row, first, edgeTypes.wwAfterRead);
      return;
    }
    this.#firstWriter.set(key, row);
    for (const writer of writers) this.#sink.edge(row, writer, edgeTypes.wwAfterRead);
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
