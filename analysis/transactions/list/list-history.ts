import type { HistorySource } from "../../checker.ts";
import { none, outcomes } from "../../operations/operation-table.ts";
import { formOf } from "../../reading/read.ts";
import { transactionForm } from "../read-transactions.ts";
import { stepKinds, TransactionTable } from "../transaction-table.ts";
import { VersionOrders } from "./version-orders.ts";

/** Transactions over lists, with the orders of versions that their reads show. */
export const listForm = transactionForm(() => {
  const table = new TransactionTable();
  const orders = new VersionOrders(table);
  return { held: { table, orders }, reads: orders };
});

/** Transactions over lists, and what can be told of them before any cycle is looked for. */
export class ListHistory {
  readonly table: TransactionTable;
  readonly orders: VersionOrders;
  /** Of a row: 1 if it took effect. One of unknown outcome did when somebody read an element of it. */
  readonly committed: Uint8Array;
  /** Keys whose reads do not agree on an order of versions: no edges come from them. */
  readonly strayKeys = new Set<number>();
  /** Of a key: committed rows with an append to it that is in no longest read, so that it comes after all that are. */
  readonly unread: (readonly number[] | undefined)[];

  /**
   * Of a key: the one row that read its own appends right behind the end of all that others read; what no read shows
   * comes after those. None where there are several: they contradict each other, and show no order.
   */
  readonly #lastSeen = new Map<number, number>();

  constructor(history: HistorySource) {
    const { table, orders } = formOf(history, listForm);
    this.table = table;
    this.orders = orders;
    for (let step = 0; step < table.stepCount; step++) {
      if (table.stepKind[step] === stepKinds.write)
        table.unsupported.set(table.stepKey[step]!, "a list is overwritten");
    }
    this.committed = this.#findCommitted();
    for (const { step } of this.orders.strays) this.strayKeys.add(this.table.stepKey[step]!);
    this.unread = this.#findUnread();
    this.#findLastSeen();
  }

  /** The row whose own appends are known to come right after all that others read of the key; none if there is none. */
  lastSeenWriter(key: number): number {
    return this.#lastSeen.get(key) ?? none;
  }

  /** Whether what is known of the key can be trusted to tell who came before whom. */
  ordered(key: number): boolean {
    return !this.strayKeys.has(key) && this.judged(key);
  }

  /** Whether the key can be judged at all. */
  judged(key: number): boolean {
    return !this.table.repeated.has(key) && !this.table.unsupported.has(key);
  }

  /** The committed writer of the cell; none where it is aborted or nobody's. */
  committedWriter(cell: number): number {
    const writer = this.table.writerOf(cell);
    return writer !== none && this.committed[writer] === 1 ? writer : none;
  }

  /** The writer of the first committed element at or after the place; none at the end. */
  writerFrom(key: number, place: number): number {
    const order = this.orders.orderOf(key);
    for (let at = place; at < order.length; at++) {
      const writer = this.committedWriter(order[at]!);
      if (writer !== none) return writer;
    }
    return none;
  }

  /** The writer of the last committed element before the place; none at the start. */
  writerBefore(key: number, place: number): number {
    const order = this.orders.orderOf(key);
    for (let at = place - 1; at >= 0; at--) {
      const writer = this.committedWriter(order[at]!);
      if (writer !== none) return writer;
    }
    return none;
  }

  /** An append of the row to the key that is in no longest read; -1 if it has none. */
  unreadStep(row: number, key: number): number {
    const { table } = this;
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKey[step] !== key || table.stepKind[step] !== stepKinds.append) continue;
      if (this.orders.positionOf(table.stepValue[step]!) === none) return step;
    }
    return -1;
  }

  /** What a read was answered, as JSON gave it. */
  readonly readValue = (row: number, step: number): unknown[] => {
    const { table, orders } = this;
    const value = table.stepValue[step]!;
    const cells = value < 0 ? orders.strays[~value]!.cells : orders.orderOf(table.stepKey[step]!).slice(0, value);
    return [...cells, ...this.#ownTail(row, step)].map((cell) => table.values.value(cell));
  };

  #ownTail(row: number, read: number): number[] {
    const { table } = this;
    if (table.stepTail[read] === 0) return [];
    const own: number[] = [];
    for (let step = table.firstStep[row]!; step < read; step++) {
      const appends = table.stepKind[step] === stepKinds.append && table.stepKey[step] === table.stepKey[read];
      if (appends) own.push(table.stepValue[step]!);
    }
    return own;
  }

  #findCommitted(): Uint8Array {
    const { table, orders } = this;
    const committed = new Uint8Array(table.count);
    for (let row = 0; row < table.count; row++) if (table.outcome[row] === outcomes.ok) committed[row] = 1;
    const seen = (cell: number): void => {
      const writer = table.writerOf(cell);
      if (writer !== none && table.outcome[writer] === outcomes.info) committed[writer] = 1;
    };
    orders.longest.forEach((cells, key) => {
      if (this.judged(key)) cells.forEach(seen);
    });
    for (const { step, cells } of orders.strays) if (this.judged(table.stepKey[step]!)) cells.forEach(seen);
    return committed;
  }

  #findLastSeen(): void {
    const { table } = this;
    for (let row = 0; row < table.count; row++) {
      if (table.outcome[row] !== outcomes.ok) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        const key = table.stepKey[step]!;
        if (table.stepKind[step] !== stepKinds.read || table.stepTail[step] === 0 || !this.ordered(key)) continue;
        if (this.writerFrom(key, table.stepValue[step]!) !== none) continue;
        this.#lastSeen.set(key, (this.#lastSeen.get(key) ?? row) === row ? row : none);
      }
    }
  }

  #findUnread(): (readonly number[] | undefined)[] {
    const { table } = this;
    const unread: number[][] = new Array<number[]>(table.keys.count);
    for (let row = 0; row < table.count; row++) {
      if (this.committed[row] === 0) continue;
      for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
        if (table.stepKind[step] !== stepKinds.append) continue;
        if (this.orders.positionOf(table.stepValue[step]!) !== none) continue;
        const key = table.stepKey[step]!;
        unread[key] ??= [];
        if (unread[key].at(-1) !== row) unread[key].push(row);
      }
    }
    return unread;
  }
}
