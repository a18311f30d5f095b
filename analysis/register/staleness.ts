import type { OperationTable } from "../operations/operation-table.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { mayWrite, type ValueColumns } from "./values.ts";
import { sortedByTime } from "./zones.ts";

/** A read of a value that had certainly been overwritten before the read began. Operations by place in the history. */
export interface StaleRead {
  readonly read: number;
  /** The first operation that proves it: it wrote or saw a newer value, and had ended when the read began. */
  readonly newer: number;
  readonly newerValue: number;
  /** How often the value had certainly been overwritten. */
  versions: number;
  /** How long before the read's beginning it had certainly been overwritten. */
  readonly milliseconds: number;
}

/**
 * The reads that are stale on their own, in the order of their beginnings; versions and times are lower bounds. A
 * value is *seen* when the first operation that wrote or observed it ends. A value whose write began after v was seen,
 * and that was itself seen before a read began, came between v and that read.
 */
export function staleReads(history: KeyHistory, columns: ValueColumns, table: OperationTable): StaleRead[] {
  const seenBy = firstSeenBy(history);
  const newer = new NewerValues(history, columns, seenBy);
  const stale: StaleRead[] = [];
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! !== kinds.read) continue;
    const value = history.from[op]!;
    const newerValue = newer.firstSeenAfter(seenAt(history, seenBy, value));
    if (newerValue < 0) continue;
    const first = seenBy[newerValue]!;
    if (history.ret[first]! >= history.inv[op]! || !isSound(history, columns, seenBy, value)) continue;
    const elapsedNs = table.invokedAtNs[history.row[op]!]! - table.completedAtNs[history.row[first]!]!;
    stale.push({ read: op, newer: first, newerValue, versions: 0, milliseconds: elapsedNs / 1e6 });
  }
  if (stale.length > 0) newer.countVersions(stale, (value) => seenAt(history, seenBy, value));
  return stale;
}

/** Of each value, the operation that ended first of those that wrote or observed it; -1 for none. */
export function firstSeenBy(history: KeyHistory): Int32Array {
  const seenBy = new Int32Array(history.values).fill(-1);
  const see = (value: number, op: number): void => {
    const known = seenBy[value]!;
    if (known < 0 || history.ret[op]! < history.ret[known]!) seenBy[value] = op;
  };
  for (let op = 0; op < history.count; op++) {
    if (history.ret[op]! === Infinity || (history.kind[op]! !== kinds.read && !mayWrite(history, op))) continue;
    if (history.from[op]! >= 0) see(history.from[op]!, op);
    if (history.to[op]! >= 0) see(history.to[op]!, op);
  }
  return seenBy;
}

function seenAt(history: KeyHistory, seenBy: Int32Array, value: number): number {
  if (value === initialValue) return Number.NEGATIVE_INFINITY;
  const op = seenBy[value]!;
  return op < 0 ? Number.POSITIVE_INFINITY : history.ret[op]!;
}

/** A value seen before its write began is a read of the future: nothing follows from it for anyone's age. */
function isSound(history: KeyHistory, columns: ValueColumns, seenBy: Int32Array, value: number): boolean {
  if (value === initialValue) return true;
  const writer = columns.writer[value]!;
  return writer >= 0 && seenAt(history, seenBy, value) > history.inv[writer]!;
}

/** The values that were certainly written, in the order in which their writes began. */
class NewerValues {
  readonly #history: KeyHistory;
  /** The writes, and of each when its value was first seen, by which operation. */
  readonly #writes: Int32Array;
  readonly #seenBy: Int32Array;
  /** Of the writes from i on, the value that was seen first. */
  readonly #firstSeen: Int32Array;

  constructor(history: KeyHistory, columns: ValueColumns, seenBy: Int32Array) {
    this.#history = history;
    const writes = new Int32Array(history.count);
    let count = 0;
    for (let op = 0; op < history.count; op++) {
      if (!mayWrite(history, op)) continue;
      const value = history.to[op]!;
      if (seenBy[value]! >= 0 && isSound(history, columns, seenBy, value)) writes[count++] = op;
    }
    this.#writes = writes.subarray(0, count);
    this.#seenBy = this.#writes.map((op) => seenBy[history.to[op]!]!);
    this.#firstSeen = new Int32Array(count);
    let first = -1;
    for (let i = count - 1; i >= 0; i--) {
      if (first < 0 || history.ret[this.#seenBy[i]!]! < history.ret[seenBy[first]!]!) first = history.to[writes[i]!]!;
      this.#firstSeen[i] = first;
    }
  }

  /** Of the values whose writes began after `time`, the one that was seen first; -1 for none. */
  firstSeenAfter(time: number): number {
    const at = this.#countBegunUntil(time);
    return at < this.#writes.length ? this.#firstSeen[at]! : -1;
  }

  /** For each read the newer values seen before it began: a Fenwick tree over the beginnings of writes. */
  countVersions(stale: StaleRead[], seenAtOf: (value: number) => number): void {
    const history = this.#history;
    const count = this.#writes.length;
    const ends = Float64Array.from(this.#seenBy, (op) => history.ret[op]!);
    const byEnd = sortedByTime(ends);
    const tree = new Int32Array(count + 1);
    let added = 0;
    for (const one of stale) {
      const begin = history.inv[one.read]!;
      for (; added < count && ends[byEnd[added]!]! < begin; added++) {
        for (let i = byEnd[added]! + 1; i <= count; i += i & -i) tree[i]!++;
      }
      one.versions = added;
      for (let i = this.#countBegunUntil(seenAtOf(history.from[one.read]!)); i > 0; i -= i & -i)
        one.versions -= tree[i]!;
    }
  }

  #countBegunUntil(time: number): number {
    let low = 0;
    let high = this.#writes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#history.inv[this.#writes[middle]!]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
