import type { SequentialHistory } from "./history.ts";

/** Why one operation must come before another; `via`: the operation that makes it so. */
export type Reason =
  | { readonly type: "process" }
  /** The other saw what it wrote. */
  | { readonly type: "saw" }
  /** It overwrote the initial value, which the other saw. */
  | { readonly type: "initial" }
  /** `via` came after it and saw what the other wrote, so it must have been overwritten by the other. */
  | { readonly type: "overwritten"; readonly via: number }
  /** It saw what `via` wrote, and the other overwrote that. */
  | { readonly type: "overwrites"; readonly via: number };

export interface Order {
  readonly before: number;
  readonly after: number;
  readonly reason: Reason;
}

/** What must come before what. Each order follows from the process orders and from orders added before it. */
export class Orders {
  readonly history: SequentialHistory;
  readonly list: Order[] = [];
  readonly #from: (number[] | undefined)[];
  readonly #to: (number[] | undefined)[];

  constructor(history: SequentialHistory) {
    this.history = history;
    this.#from = new Array(history.count);
    this.#to = new Array(history.count);
  }

  add(before: number, after: number, reason: Reason): void {
    const id = this.list.push({ before, after, reason }) - 1;
    const leaving = this.#from[before];
    const entering = this.#to[after];
    if (leaving === undefined) this.#from[before] = [id];
    else leaving.push(id);
    if (entering === undefined) this.#to[after] = [id];
    else entering.push(id);
  }

  /** The numbers of the orders in which it comes first, besides that of its process. */
  leaving(op: number): readonly number[] {
    return this.#from[op] ?? nothing;
  }

  entering(op: number): readonly number[] {
    return this.#to[op] ?? nothing;
  }

  /** What its process did next, or before; -1: nothing. */
  next(op: number): number {
    return this.history.chains[this.history.chain[op]!]!.ops[this.history.place[op]! + 1] ?? -1;
  }

  previous(op: number): number {
    return this.history.chains[this.history.chain[op]!]!.ops[this.history.place[op]! - 1] ?? -1;
  }

  /** How many orders each operation waits for. */
  waits(): Int32Array {
    return Int32Array.from(
      { length: this.history.count },
      (_, op) => this.entering(op).length + (this.previous(op) < 0 ? 0 : 1),
    );
  }

  /** All that must come right after. */
  *following(op: number): Generator<number> {
    const next = this.next(op);
    if (next >= 0) yield next;
    for (const id of this.leaving(op)) yield this.list[id]!.after;
  }
}

const nothing: readonly number[] = [];
