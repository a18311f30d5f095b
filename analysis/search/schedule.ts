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
  /** Under way at return r are `pending[pendingFrom[r]]` up to `pending[pendingFrom[r + 1]]`, pure ones first. */
  readonly pending: Int32Array;
  readonly pendingFrom: Int32Array;
  /** Of return r: where the pure ones of its pending operations end. */
  readonly pureUntil: Int32Array;
  /** Words of 32 slots. */
  readonly words: number;
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
  const { slots, ...lists } = under;
  const words = Math.max(1, Math.ceil(slots / 32));
  return { operations, returns, ...columns, ...lists, words, groups: groupsOf(problem.operations) };
}

function pendingAtReturns(
  operations: readonly SearchOperation[],
  invocations: Int32Array,
  returns: Int32Array,
  pure: Uint8Array,
  slot: Int32Array,
): (Pick<Schedule, "pending" | "pendingFrom" | "pureUntil"> & { slots: number }) | null {
  const pendingFrom = new Int32Array(returns.length + 1);
  const pureUntil = new Int32Array(returns.length);
  const active = new Set<number>();
  const free: number[] = [];
  let pending = new Int32Array(Math.max(64, returns.length * 4));
  let end = 0;
  let slots = 0;
  let next = 0;
  for (const [r, op] of returns.entries()) {
    // An operation that begins just when another ends is concurrent with it.
    for (; next < invocations.length && operations[invocations[next]!]!.inv <= operations[op]!.ret; next++) {
      active.add(invocations[next]!);
      slot[invocations[next]!] = free.pop() ?? slots++;
    }
    if (end + active.size > maxPendingEntries) return null;
    if (end + active.size > pending.length) pending = grown(pending, end + active.size);
    for (const one of active) if (pure[one] === 1) pending[end++] = one;
    pureUntil[r] = end;
    for (const one of active) if (pure[one] === 0) pending[end++] = one;
    pendingFrom[r + 1] = end;
    active.delete(op);
    free.push(slot[op]!);
  }
  return { pending, pendingFrom, pureUntil, slots };
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
