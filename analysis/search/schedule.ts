import type { Problem, SearchOperation } from "./problem.ts";

/** Operations of unknown outcome that do the same, in the order of their invocations: the earliest is used first. */
export interface Group {
  readonly letters: readonly number[];
  readonly members: readonly SearchOperation[];
}

/**
 * What a search has to do, by the returns of operations in the order of time: a choice is needed at a return alone,
 * since everything can be put off until the next one. Each operation under way has a bit of a mask, its *slot*.
 */
export interface Schedule {
  /** Places in `operations`, in the order of their returns. */
  readonly returns: Int32Array;
  readonly operations: readonly SearchOperation[];
  /** Of an operation: its slot, its letter, and whether it is pure. */
  readonly slot: Int32Array;
  readonly letter: Int32Array;
  readonly pure: Uint8Array;
  readonly optional: Uint8Array;
  readonly returnTimes: Float64Array;
  /**
   * Under way at return r are `pending[pendingFrom[r]]` up to `pending[pendingFrom[r + 1]]`: first the pure ones, then
   * the others, each in the order of their returns.
   */
  readonly pending: Int32Array;
  readonly pendingFrom: Int32Array;
  /** Of return r: where the pure ones of its pending operations end. */
  readonly pureUntil: Int32Array;
  /**
   * Of an entry of `pending`: the entry before it that does the same, or -1. The one that returns sooner may always be
   * taken first: in any order they can change places.
   */
  readonly twin: Int32Array;
  /** Words of 32 slots: those of changing operations come first, then those of pure ones. */
  readonly changingWords: number;
  readonly pureWords: number;
  readonly groups: readonly Group[];
}

/** Above this, the lists of operations under way would take too much memory. */
export const maxPendingEntries = 100_000_000;

/** Null when more operations are under way at once than can be kept track of. */
export function scheduleOf(problem: Problem): Schedule | null {
  const operations = problem.operations.filter(({ ret }) => ret !== Infinity);
  const count = operations.length;
  const returns = Int32Array.from(operations.keys()).sort((a, b) => operations[a]!.ret - operations[b]!.ret);
  const invocations = Int32Array.from(operations.keys()).sort((a, b) => operations[a]!.inv - operations[b]!.inv);
  const columns = {
    slot: new Int32Array(count),
    letter: Int32Array.from(operations, ({ letters }) => letters[0]!),
    pure: Uint8Array.from(operations, ({ pure }) => Number(pure)),
    optional: Uint8Array.from(operations, ({ optional }) => Number(optional === true)),
    returnTimes: Float64Array.from(returns, (op) => operations[op]!.ret),
  };
  const under = pendingAtReturns(operations, invocations, returns, columns.pure, columns.slot);
  if (under === null) return null;
  const { slots, pureSlots, ...lists } = under;
  const changingWords = Math.ceil(slots / 32);
  const pureWords = Math.ceil(pureSlots / 32);
  for (let op = 0; op < count; op++) if (columns.pure[op] === 1) columns.slot[op]! += changingWords * 32;
  const rest = { twin: twinsOf(lists, columns), changingWords, pureWords, groups: groupsOf(problem.operations) };
  return { operations, returns, ...columns, ...lists, ...rest };
}

function pendingAtReturns(
  operations: readonly SearchOperation[],
  invocations: Int32Array,
  returns: Int32Array,
  pure: Uint8Array,
  slot: Int32Array,
): (Pick<Schedule, "pending" | "pendingFrom" | "pureUntil"> & { slots: number; pureSlots: number }) | null {
  const pendingFrom = new Int32Array(returns.length + 1);
  const pureUntil = new Int32Array(returns.length);
  const active = new ByReturn(operations);
  const freeSlots: readonly [changing: number[], pure: number[]] = [[], []];
  let pending = new Int32Array(Math.max(64, returns.length * 4));
  let end = 0;
  const slots: [changing: number, pure: number] = [0, 0];
  let next = 0;
  for (const [r, op] of returns.entries()) {
    // An operation that begins just when another ends is concurrent with it.
    for (; next < invocations.length && operations[invocations[next]!]!.inv <= operations[op]!.ret; next++) {
      const begun = invocations[next]!;
      const kind = pure[begun] === 1 ? 1 : 0;
      active.add(begun, kind === 1);
      slot[begun] = freeSlots[kind].pop() ?? slots[kind]++;
    }
    if (end + active.size > maxPendingEntries) return null;
    if (end + active.size > pending.length) pending = grown(pending, end + active.size);
    for (const one of active.pure) pending[end++] = one;
    pureUntil[r] = end;
    for (const one of active.others) pending[end++] = one;
    pendingFrom[r + 1] = end;
    active.removeFirst(pure[op] === 1);
    freeSlots[pure[op] === 1 ? 1 : 0].push(slot[op]!);
  }
  return { pending, pendingFrom, pureUntil, slots: slots[0], pureSlots: slots[1] };
}

/** Operations under way in the order of their returns, so that the next one to return is the first of its kind. */
class ByReturn {
  readonly pure: number[] = [];
  readonly others: number[] = [];
  readonly #operations: readonly SearchOperation[];

  constructor(operations: readonly SearchOperation[]) {
    this.#operations = operations;
  }

  get size(): number {
    return this.pure.length + this.others.length;
  }

  add(op: number, isPure: boolean): void {
    const list = isPure ? this.pure : this.others;
    const { ret } = this.#operations[op]!;
    let at = list.length;
    while (at > 0 && this.#operations[list[at - 1]!]!.ret > ret) at--;
    list.splice(at, 0, op);
  }

  removeFirst(isPure: boolean): void {
    (isPure ? this.pure : this.others).shift();
  }
}

function twinsOf(
  { pending, pendingFrom, pureUntil }: Pick<Schedule, "pending" | "pendingFrom" | "pureUntil">,
  { letter, optional }: Pick<Schedule, "letter" | "optional">,
): Int32Array {
  const twin = new Int32Array(pendingFrom.at(-1)!).fill(-1);
  /** By letter, and by whether it may be left out: the last entry so far. Those of earlier returns are below `from`. */
  const last = new Int32Array(2 * letter.reduce((most, one) => Math.max(most, one + 1), 0)).fill(-1);
  for (const [r, from] of pureUntil.entries()) {
    for (let entry = from; entry < pendingFrom[r + 1]!; entry++) {
      const kind = 2 * letter[pending[entry]!]! + optional[pending[entry]!]!;
      if (last[kind]! >= from) twin[entry] = last[kind]!;
      last[kind] = entry;
    }
  }
  return twin;
}

function grown(array: Int32Array<ArrayBuffer>, atLeast: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(atLeast, array.length * 2));
  larger.set(array);
  return larger;
}

/** In the order of their first invocations. */
function groupsOf(operations: readonly SearchOperation[]): Group[] {
  const groups = new Map<string, { letters: readonly number[]; members: SearchOperation[] }>();
  const unanswered = operations.filter(({ ret }) => ret === Infinity).sort((a, b) => a.inv - b.inv);
  for (const operation of unanswered) {
    const name = operation.letters.join();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { letters: operation.letters, members: [operation] });
    else group.members.push(operation);
  }
  return [...groups.values()];
}
