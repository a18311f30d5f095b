import { kinds } from "../register/key-history.ts";
import { type SequentialHistory, writers } from "./history.ts";
import { MinHeap } from "./min-heap.ts";
import { Orders } from "./orders.ts";

export type Saturated =
  | { readonly outcome: "ordered"; readonly orders: Orders }
  /** The operations that are on a cycle or after one. */
  | { readonly outcome: "cycle"; readonly orders: Orders; readonly left: readonly number[] }
  | { readonly outcome: "too-large" };

/** 4 bytes each: what comes before each operation, of each process. */
const mostCells = 100_000_000;
const mostSteps = 5_000_000_000;

/**
 * Adds the orders that follow from what was seen until there are no more: a value was written before it was seen; what
 * else was written before that came before its write; and what was written after its write came after it was seen.
 */
export function saturate(history: SequentialHistory): Saturated {
  if (history.count * history.chains.length > mostCells) return { outcome: "too-large" };
  const orders = new Orders(history);
  const saturation = new Saturation(orders);
  saturation.begin();
  const ranks = Int32Array.from({ length: history.count }, (_, op) => op);
  for (;;) {
    const { sorted, left } = sort(orders, ranks);
    if (left.length > 0) return { outcome: "cycle", orders, left };
    if (saturation.steps > mostSteps) return { outcome: "too-large" };
    const before = orders.list.length;
    for (const op of sorted) saturation.visit(op);
    if (orders.list.length === before) return { outcome: "ordered", orders };
  }
}

/** The operations in an order that the orders allow, earlier invocations first; `left`: those that have no place. */
function sort(orders: Orders, ranks: Int32Array): { sorted: number[]; left: number[] } {
  const waits = orders.waits();
  const ready = new MinHeap(ranks);
  const sorted: number[] = [];
  for (let op = 0; op < waits.length; op++) if (waits[op] === 0) ready.push(op);
  for (let op = ready.pop(); op !== undefined; op = ready.pop()) {
    sorted.push(op);
    for (const other of orders.following(op)) if (--waits[other]! === 0) ready.push(other);
  }
  if (sorted.length === waits.length) return { sorted, left: [] };
  return { sorted, left: Array.from(waits.keys()).filter((op) => waits[op]! > 0) };
}

/** The operations of one chain that write one key, and their places in the chain, in order. */
interface WritesOfChain {
  readonly chain: number;
  readonly ops: number[];
}

class Saturation {
  /** `#known[op * chains + chain]` operations of that chain certainly come before the operation. */
  readonly #known: Int32Array;
  readonly #chains: number;
  readonly #orders: Orders;
  readonly #history: SequentialHistory;
  readonly #writes: Map<number, WritesOfChain[]>;
  /** Of a value: the last operation of each chain that saw it. */
  readonly #lastReaders: (number[] | undefined)[];
  steps = 0;

  constructor(orders: Orders) {
    const { history } = orders;
    this.#orders = orders;
    this.#history = history;
    this.#chains = history.chains.length;
    this.#known = new Int32Array(history.count * this.#chains);
    this.#writes = writesByKey(history);
    this.#lastReaders = lastReaders(history);
  }

  /** The orders that need no others to be known. */
  begin(): void {
    const { branches, count } = this.#history;
    for (const { before, after } of branches) this.#orders.add(before, after, { type: "process" });
    for (let op = 0; op < count; op++) {
      const writer = writerSeenBy(this.#history, op);
      if (writer >= 0) this.#orders.add(writer, op, { type: "saw" });
    }
    for (const [key, writes] of this.#writes) this.#beginKey(this.#history.initial[key]!, writes);
  }

  #beginKey(initial: number, writes: readonly WritesOfChain[]): void {
    if (this.#history.writer[initial] !== writers.initial) return;
    for (const reader of this.#lastReaders[initial] ?? []) {
      for (const { ops } of writes) {
        const first = ops[0] === reader ? ops[1] : ops[0];
        if (first !== undefined) this.#orders.add(reader, first, { type: "initial" });
      }
    }
  }

  /** Learns what comes before an operation, and what follows from that. */
  visit(op: number): void {
    const previous = this.#orders.previous(op);
    if (previous >= 0) this.#learn(op, previous);
    for (const id of this.#orders.entering(op)) this.#learn(op, this.#orders.list[id]!.before);
    const writer = writerSeenBy(this.#history, op);
    if (writer >= 0) this.#overwritten(op, writer);
    if (this.#history.to[op]! >= 0) this.#overwrites(op);
  }

  #overwritten(reader: number, writer: number): void {
    for (const writes of this.#writesOfKey(reader)) {
      const other = this.#lastBefore(writes, reader);
      if (other < 0 || other === writer || this.#isKnown(other, writer)) continue;
      this.#orders.add(other, writer, { type: "overwritten", via: reader });
      this.#learn(writer, other);
    }
  }

  #overwrites(write: number): void {
    for (const writes of this.#writesOfKey(write)) {
      const overwritten = this.#lastBefore(writes, write);
      if (overwritten < 0) continue;
      for (const reader of this.#lastReaders[this.#history.to[overwritten]!] ?? []) {
        if (reader === write || this.#isKnown(reader, write)) continue;
        this.#orders.add(reader, write, { type: "overwrites", via: overwritten });
        this.#learn(write, reader);
      }
    }
  }

  #writesOfKey(op: number): readonly WritesOfChain[] {
    const writes = this.#writes.get(this.#history.key[op]!) ?? [];
    this.steps += writes.length;
    return writes;
  }

  /** The last of the writes that certainly comes before an operation, itself excepted; -1: none. */
  #lastBefore({ chain, ops }: WritesOfChain, op: number): number {
    const known = this.#known[op * this.#chains + chain]!;
    let low = 0;
    for (let high = ops.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#history.place[ops[middle]!]! < known) low = middle + 1;
      else high = middle;
    }
    const found = ops[low - 1] ?? -1;
    return found === op ? -1 : found;
  }

  #isKnown(before: number, after: number): boolean {
    const { chain, place } = this.#history;
    return this.#known[after * this.#chains + chain[before]!]! > place[before]!;
  }

  #learn(op: number, before: number): void {
    const known = this.#known;
    const to = op * this.#chains;
    const from = before * this.#chains;
    this.steps += this.#chains;
    for (let i = 0; i < this.#chains; i++) if (known[from + i]! > known[to + i]!) known[to + i] = known[from + i]!;
    const own = to + this.#history.chain[before]!;
    known[own] = Math.max(known[own]!, this.#history.place[before]! + 1);
  }
}

/** The operation that wrote what this one saw, or one of `writers`. */
export function writerSeenBy({ kind, from, writer }: SequentialHistory, op: number): number {
  return from[op]! < 0 || kind[op] === kinds.refused ? writers.nobody : writer[from[op]!]!;
}

function writesByKey({ chains, key, to }: SequentialHistory): Map<number, WritesOfChain[]> {
  const byKey = new Map<number, WritesOfChain[]>();
  for (const [chain, { ops }] of chains.entries()) {
    for (const op of ops) {
      if (to[op]! < 0) continue;
      const ofKey = byKey.get(key[op]!) ?? [];
      byKey.set(key[op]!, ofKey);
      const last = ofKey.at(-1);
      if (last?.chain === chain) last.ops.push(op);
      else ofKey.push({ chain, ops: [op] });
    }
  }
  return byKey;
}

function lastReaders(history: SequentialHistory): (number[] | undefined)[] {
  const readers: (number[] | undefined)[] = new Array(history.writer.length);
  for (const { ops } of history.chains) {
    const seen = new Set<number>();
    for (const op of ops.toReversed()) {
      const writer = writerSeenBy(history, op);
      if (writer !== writers.initial && writer < 0) continue;
      const value = history.from[op]!;
      if (seen.has(value)) continue;
      seen.add(value);
      const known = readers[value];
      if (known === undefined) readers[value] = [op];
      else known.push(op);
    }
  }
  return readers;
}
