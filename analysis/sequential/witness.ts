import type { OperationTable } from "../operations/operation-table.ts";
import { kinds } from "../register/key-history.ts";
import { type SequentialHistory, writers } from "./history.ts";
import { MinHeap } from "./min-heap.ts";
import type { Orders } from "./orders.ts";
import { writerSeenBy } from "./saturate.ts";

/**
 * An order of all operations in which every answer is right; null when none was found, though there may be one. Takes
 * at each step the operation that comes first by time and that the orders and the values allow: a write waits until
 * all have been that see the value before it.
 */
export function findWitness(orders: Orders, table: OperationTable): number[] | null {
  for (const rank of preferences(orders.history, table)) {
    const witness = new Schedule(orders, rank).run();
    if (witness !== null && isLegal(orders.history, witness)) return witness;
  }
  return null;
}

/** Replays an order, register by register and process by process: what says "valid" in the end. */
export function isLegal(history: SequentialHistory, witness: readonly number[]): boolean {
  const { branches, chains, chain, place, count } = history;
  const done = new Int32Array(chains.length);
  const at = new Int32Array(count);
  const held = history.initial.slice();
  for (const [step, op] of witness.entries()) {
    if (done[chain[op]!]!++ !== place[op]!) return false;
    at[op] = step;
    if (!isPossible(history, op, held[history.key[op]!]!)) return false;
    if (history.to[op]! >= 0) held[history.key[op]!] = history.to[op]!;
  }
  return witness.length === count && branches.every(({ before, after }) => at[before]! < at[after]!);
}

function isPossible({ kind, from }: SequentialHistory, op: number, held: number): boolean {
  if (kind[op] === kinds.write) return true;
  return (kind[op] === kinds.refused) !== (from[op] === held);
}

/** When operations are thought to have taken effect: at the latest time that their readers allow, or at the earliest. */
function preferences(history: SequentialHistory, table: OperationTable): Float64Array[] {
  const began = Float64Array.from(history.row, (row) => table.invokedAt[row]!);
  const latest = Float64Array.from(history.row, (row) => table.completedAt[row]!);
  for (let op = history.count - 1; op >= 0; op--) {
    const writer = writerSeenBy(history, op);
    if (writer >= 0) latest[writer] = Math.min(latest[writer]!, latest[op]! - 0.5);
  }
  return [latest, began];
}

class Schedule {
  readonly #orders: Orders;
  readonly #history: SequentialHistory;
  readonly #waits: Int32Array;
  readonly #ready: MinHeap;
  readonly #held: Int32Array;
  /** Of a value: how many have still to see it. */
  readonly #readers: Int32Array;
  /** Of a key: operations that wait for another value, or for the value to have been seen. */
  readonly #parked = new Map<number, number[]>();
  readonly #witness: number[] = [];

  constructor(orders: Orders, rank: Float64Array) {
    this.#orders = orders;
    this.#history = orders.history;
    this.#waits = orders.waits();
    this.#ready = new MinHeap(rank);
    this.#held = orders.history.initial.slice();
    this.#readers = new Int32Array(orders.history.writer.length);
    for (let op = 0; op < orders.history.count; op++) this.#countReader(op, 1);
  }

  run(): number[] | null {
    for (let op = 0; op < this.#waits.length; op++) if (this.#waits[op] === 0) this.#ready.push(op);
    for (let op = this.#ready.pop(); op !== undefined; op = this.#ready.pop()) {
      if (this.#isAllowed(op)) this.#take(op);
      else this.#park(op);
    }
    return this.#witness.length === this.#waits.length ? this.#witness : null;
  }

  #isAllowed(op: number): boolean {
    const held = this.#held[this.#history.key[op]!]!;
    if (!isPossible(this.#history, op, held)) return false;
    if (this.#history.to[op]! < 0) return true;
    const itself = this.#sees(op) && this.#history.from[op] === held ? 1 : 0;
    return this.#readers[held]! === itself;
  }

  #take(op: number): void {
    const { key, to } = this.#history;
    this.#witness.push(op);
    this.#countReader(op, -1);
    if (to[op]! >= 0) this.#held[key[op]!] = to[op]!;
    for (const waiting of this.#parked.get(key[op]!) ?? []) this.#ready.push(waiting);
    this.#parked.delete(key[op]!);
    for (const other of this.#orders.following(op)) if (--this.#waits[other]! === 0) this.#ready.push(other);
  }

  #park(op: number): void {
    const parked = this.#parked.get(this.#history.key[op]!);
    if (parked === undefined) this.#parked.set(this.#history.key[op]!, [op]);
    else parked.push(op);
  }

  #countReader(op: number, by: number): void {
    if (this.#sees(op)) this.#readers[this.#history.from[op]!]! += by;
  }

  /** Values that may be written again are not waited for. */
  #sees(op: number): boolean {
    const writer = writerSeenBy(this.#history, op);
    return writer >= 0 || writer === writers.initial;
  }
}
