import type { OperationTable } from "../operations/operation-table.ts";
import { initialValue, KeyHistories, type KeyHistory, kinds, rowsByKey } from "../register/key-history.ts";

/** Where a value has no single operation that wrote it. */
export const writers = {
  /** Nobody wrote it. */
  nobody: -1,
  /** Several may have: which one a read saw is open. */
  several: -2,
  /** The register was created with it. */
  initial: -3,
} as const;

/** Operations that one process certainly did one after the other. */
export interface Chain {
  readonly process: number;
  readonly ops: readonly number[];
}

/** An operation that saw a value that nobody wrote; `failed` wrote it but certainly did not happen (a row; or none). */
export interface Stray {
  readonly row: number;
  readonly failed: number | null;
}

/**
 * The operations of all keys that happened, for certain or because somebody saw what they wrote, in the order of their
 * invocations. A value of one key is another number than the same value of another key.
 */
export interface SequentialHistory {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly key: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly row: Int32Array;
  readonly chain: Int32Array;
  readonly place: Int32Array;
  readonly chains: readonly Chain[];
  /** What came before the first operation of a chain, for those that leave another chain. */
  readonly branches: readonly { readonly before: number; readonly after: number }[];
  /** Of a value: the operation that wrote it, or one of `writers`. */
  readonly writer: Int32Array;
  /** Of a key of the table: its initial value; -1 where the key does not take part. */
  readonly initial: Int32Array;
  readonly strays: readonly Stray[];
  readonly valuesRepeat: boolean;
}

/** Gathers the keys that are registers; those in `skip` are left out. */
export function sequentialHistory(table: OperationTable, skip: (key: number) => boolean): SequentialHistory {
  const all = gather(table, skip);
  const keep = mandatory(all);
  const order = Array.from(keep.keys())
    .filter((i) => keep[i] === 1)
    .sort((a, b) => all.row[a]! - all.row[b]!);
  const newNumber = new Map(order.map((old, op) => [old, op]));
  const column = (from: readonly number[]): Int32Array => Int32Array.from(order, (i) => from[i]!);
  const row = column(all.row);
  const writer = Int32Array.from(all.writer, (old) => (old < 0 ? old : (newNumber.get(old) ?? writers.nobody)));
  return {
    ...{ count: order.length, kind: Uint8Array.from(order, (i) => all.kind[i]!), key: column(all.key) },
    ...{ from: column(all.from), to: column(all.to), row, writer, initial: all.initial },
    ...chainsOf(table, row, order, all.unanswered),
    strays: order.flatMap((i) => strayOf(all, i)),
    valuesRepeat: order.some((i) => all.from[i]! >= 0 && all.writer[all.from[i]!] === writers.several),
  };
}

interface Gathered {
  readonly kind: number[];
  readonly key: number[];
  readonly from: number[];
  readonly to: number[];
  readonly row: number[];
  readonly unanswered: boolean[];
  readonly writer: number[];
  readonly failedWriter: Map<number, number>;
  readonly initial: Int32Array;
}

function gather(table: OperationTable, skip: (key: number) => boolean): Gathered {
  const all: Gathered = {
    ...{ kind: [], key: [], from: [], to: [], row: [], unanswered: [], writer: [], failedWriter: new Map() },
    initial: new Int32Array(table.keys.count).fill(-1),
  };
  const histories = new KeyHistories(table);
  const { rows, starts } = rowsByKey(table);
  for (let key = 0; key < table.keys.count; key++) {
    const ofKey = rows.subarray(starts[key], starts[key + 1]);
    if (ofKey.length > 0 && !skip(key)) addKey(all, key, histories.of(ofKey));
  }
  return all;
}

function addKey(all: Gathered, key: number, history: KeyHistory): void {
  const base = all.writer.length;
  all.initial[key] = base + initialValue;
  for (let value = 0; value < history.values; value++) {
    all.writer.push(value === initialValue ? writers.initial : writers.nobody);
  }
  for (let i = 0; i < history.count; i++) {
    const to = history.to[i]! < 0 ? -1 : base + history.to[i]!;
    const kind = history.kind[i]!;
    if (kind === kinds.failed) all.failedWriter.set(to, history.row[i]!);
    if (kind === kinds.failed) continue;
    if (kind === kinds.write || kind === kinds.cas) {
      all.writer[to] = all.writer[to] === writers.nobody ? all.kind.length : writers.several;
    }
    all.kind.push(kind);
    all.key.push(key);
    all.from.push(history.from[i]! < 0 ? -1 : base + history.from[i]!);
    all.to.push(kind === kinds.write || kind === kinds.cas ? to : -1);
    all.row.push(history.row[i]!);
    all.unanswered.push(history.ret[i]! === Number.POSITIVE_INFINITY);
  }
}

/** Answered operations, and of those of unknown outcome the ones whose value was seen by one that happened. */
function mandatory(all: Gathered): Uint8Array {
  const keep = new Uint8Array(all.kind.length);
  const open: number[] = [];
  for (let i = 0; i < keep.length; i++) if (!all.unanswered[i]) open.push(i);
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    if (keep[i] === 1) continue;
    keep[i] = 1;
    const writer = observes(all, i) ? all.writer[all.from[i]!]! : writers.nobody;
    if (writer >= 0) open.push(writer);
  }
  return keep;
}

function observes(all: Gathered, i: number): boolean {
  return all.from[i]! >= 0 && all.kind[i] !== kinds.refused;
}

function strayOf(all: Gathered, i: number): Stray[] {
  if (!observes(all, i) || all.writer[all.from[i]!] !== writers.nobody) return [];
  return [{ row: all.row[i]!, failed: all.failedWriter.get(all.from[i]!) ?? null }];
}

/**
 * A process does one thing at a time, so its operations are in order. One that was never answered may take effect long
 * after, so it is after what its process did before, yet before nothing of what the process did next.
 */
function chainsOf(
  table: OperationTable,
  row: Int32Array,
  order: readonly number[],
  unanswered: readonly boolean[],
): Pick<SequentialHistory, "chain" | "place" | "chains" | "branches"> {
  const chain = new Int32Array(row.length);
  const place = new Int32Array(row.length);
  const chains: { process: number; ops: number[] }[] = [];
  const branches: { before: number; after: number }[] = [];
  const known = new Map<number, number>();
  for (let op = 0; op < row.length; op++) {
    const process = table.process[row[op]!]!;
    const main = known.get(process);
    const leaves = unanswered[order[op]!] === true;
    const at = leaves || main === undefined ? chains.push({ process, ops: [] }) - 1 : main;
    if (leaves && main !== undefined) branches.push({ before: chains[main]!.ops.at(-1)!, after: op });
    if (!leaves) known.set(process, at);
    chain[op] = at;
    place[op] = chains[at]!.ops.push(op) - 1;
  }
  return { chain, place, chains, branches };
}
