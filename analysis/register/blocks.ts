import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import type { ValueColumns } from "./values.ts";

/**
 * The blocks of a key: maximal chains of values that compare-and-sets lead through, `v1 -> v2 -> ...`. In any
 * linearization a block's operations stand together, stage after stage: write of v1, reads of v1, cas to v2, reads of
 * v2, and so on. Gibbons and Korach's clusters, with compare-and-set.
 */
export interface Blocks {
  readonly count: number;
  /** The held values, block after block, in the order of their stages. */
  readonly stages: Int32Array;
  /** Block b has `stages[starts[b]]` up to `stages[starts[b + 1]]`. Block 0 begins with the initial value. */
  readonly starts: Int32Array;
  /** Of a value: its block; -1 when it was not held. */
  readonly blockOf: Int32Array;
  /** Of a block: when its first operation had certainly ended, and when its last one began. */
  readonly firstEnd: Float64Array;
  readonly lastBegin: Float64Array;
  /** Two operations of one block in the wrong order: `late`, of a later stage, ended before `early` began. */
  readonly disorder: Disorder | null;
  /** Values that wait for each other: their compare-and-sets form a circle. */
  readonly circle: readonly number[] | null;
}

export interface Disorder {
  readonly block: number;
  /** Values of the two stages. */
  readonly earlyStage: number;
  readonly lateStage: number;
}

/** Builds the blocks of a key whose values each have one writer. */
export function buildBlocks(history: KeyHistory, columns: ValueColumns): Blocks {
  const roots = blockRoots(history, columns);
  const stages = new Int32Array(history.values);
  const starts = new Int32Array(roots.length + 1);
  const blockOf = new Int32Array(history.values).fill(-1);
  const firstEnd = new Float64Array(roots.length);
  const lastBegin = new Float64Array(roots.length);
  let disorder: Disorder | null = null;
  let filled = 0;
  for (let block = 0; block < roots.length; block++) {
    starts[block] = filled;
    const walk: Walk = { firstEnd: Infinity, lastBegin: -Infinity, lastBeginStage: -1, disorder: null };
    for (let value = roots[block]!; value >= 0; value = nextValue(history, columns, value)) {
      stages[filled++] = value;
      blockOf[value] = block;
      addStage(history, columns, value, walk);
    }
    firstEnd[block] = walk.firstEnd;
    lastBegin[block] = walk.lastBegin;
    if (walk.disorder !== null) disorder ??= { block, ...walk.disorder };
  }
  starts[roots.length] = filled;
  const circle = findCircle(history, columns, blockOf);
  return { count: roots.length, stages, starts, blockOf, firstEnd, lastBegin, disorder, circle };
}

/** When the operation that wrote a value began; the initial value was there before everything. */
export function writerInv(history: KeyHistory, columns: ValueColumns, value: number): number {
  return value === initialValue ? Number.NEGATIVE_INFINITY : history.inv[columns.writer[value]!]!;
}

export function writerRet(history: KeyHistory, columns: ValueColumns, value: number): number {
  return value === initialValue ? Number.NEGATIVE_INFINITY : history.ret[columns.writer[value]!]!;
}

/** The value that certainly followed this one; -1 for none. */
export function nextValue(history: KeyHistory, columns: ValueColumns, value: number): number {
  const leaving = columns.leaving[value]!;
  return leaving < 0 ? -1 : history.to[leaving]!;
}

function blockRoots(history: KeyHistory, columns: ValueColumns): Int32Array {
  const roots = new Int32Array(history.values);
  let count = 1;
  for (let value = 1; value < history.values; value++) {
    if (columns.held[value] === 1 && history.kind[columns.writer[value]!]! === kinds.write) roots[count++] = value;
  }
  return roots.subarray(0, count);
}

interface Walk {
  firstEnd: number;
  lastBegin: number;
  /** The stage of the operation that began last so far. */
  lastBeginStage: number;
  disorder: { earlyStage: number; lateStage: number } | null;
}

function addStage(history: KeyHistory, columns: ValueColumns, value: number, walk: Walk): void {
  const begin = writerInv(history, columns, value);
  const end = writerRet(history, columns, value);
  const readEnd = columns.minReadRet[value]!;
  if (end < walk.lastBegin) walk.disorder ??= disorderAt(walk, value);
  if (begin > walk.lastBegin) {
    walk.lastBegin = begin;
    walk.lastBeginStage = value;
  }
  // A read comes after its own writer too, not only after the stages before it.
  if (readEnd < walk.lastBegin) walk.disorder ??= disorderAt(walk, value);
  walk.firstEnd = Math.min(walk.firstEnd, end, readEnd);
  if (columns.maxReadInv[value]! > walk.lastBegin) {
    walk.lastBegin = columns.maxReadInv[value]!;
    walk.lastBeginStage = value;
  }
}

function disorderAt(walk: Walk, value: number): { earlyStage: number; lateStage: number } {
  return { earlyStage: walk.lastBeginStage, lateStage: value };
}

/** A held value that no chain from a plain write reaches stands on a circle, or after one. */
function findCircle(history: KeyHistory, columns: ValueColumns, blockOf: Int32Array): number[] | null {
  for (let value = 1; value < history.values; value++) {
    if (columns.held[value] === 0 || blockOf[value]! >= 0) continue;
    const seen = new Set<number>();
    let at = value;
    for (; !seen.has(at); at = history.from[columns.writer[at]!]!) seen.add(at);
    const circle = [at];
    for (let next = history.from[columns.writer[at]!]!; next !== at; next = history.from[columns.writer[next]!]!) {
      circle.push(next);
    }
    return circle.reverse();
  }
  return null;
}
