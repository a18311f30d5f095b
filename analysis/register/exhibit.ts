import { bruteForceLimit, linearizable, type SmallOperation } from "./brute-force.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { mayWrite, type ValueColumns } from "./values.ts";

/** Operations shown as evidence, by place in the key's history. */
export interface Exhibit {
  readonly operations: readonly number[];
  /** Compare-and-sets of which only the write is used: what they compared with does not matter here. */
  readonly asWrites: ReadonlySet<number>;
}

export interface Observations {
  /** Of each value: the read that ended first, and the one that began last; -1 for none. */
  readonly firstRead: Int32Array;
  readonly lastRead: Int32Array;
}

export function observations(history: KeyHistory): Observations {
  const firstRead = new Int32Array(history.values).fill(-1);
  const lastRead = new Int32Array(history.values).fill(-1);
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! !== kinds.read) continue;
    const value = history.from[op]!;
    const first = firstRead[value]!;
    if (first < 0 || history.ret[op]! < history.ret[first]!) firstRead[value] = op;
    lastRead[value] = op;
  }
  return { firstRead, lastRead };
}

/**
 * Completes operations to an exhibit that stands on its own: the writers of all values in it, and for each unanswered
 * write in it an observation, which proves that it happened. Compare-and-sets in `linked` keep what they compare with.
 */
export function exhibit(
  history: KeyHistory,
  columns: ValueColumns,
  seen: Observations,
  operations: readonly number[],
  linked: ReadonlySet<number>,
): Exhibit {
  const all = new Set(operations.filter((op) => op >= 0));
  const kept = new Set(linked);
  for (const op of all) {
    if (mayWrite(history, op) && history.ret[op]! === Infinity) {
      for (const witness of witnesses(columns, seen, history.to[op]!)) {
        all.add(witness);
        if (history.kind[witness]! === kinds.cas) kept.add(witness);
      }
    }
    const from = history.from[op]!;
    const needsFrom = history.kind[op]! !== kinds.cas || kept.has(op);
    if (from > initialValue && needsFrom && columns.writer[from]! >= 0) all.add(columns.writer[from]!);
  }
  const sorted = [...all].sort((a, b) => a - b);
  return { operations: sorted, asWrites: new Set(sorted.filter((op) => isCas(history, op) && !kept.has(op))) };
}

/** What proves that an unanswered write of the value happened: a read of it, or a compare-and-set from it. */
function witnesses(columns: ValueColumns, seen: Observations, value: number): number[] {
  if (seen.firstRead[value]! >= 0) return [seen.firstRead[value]!];
  return columns.leaving[value]! >= 0 ? [columns.leaving[value]!] : [];
}

function isCas(history: KeyHistory, op: number): boolean {
  return history.kind[op]! === kinds.cas;
}

/** Whether brute force, on its own, finds no order for these operations; null when they are too many for it. */
export function refuted(history: KeyHistory, shown: Exhibit): boolean | null {
  if (shown.operations.length > bruteForceLimit) return null;
  return !linearizable(smallOperations(history, shown), initialValue);
}

function smallOperations(history: KeyHistory, shown: Exhibit): SmallOperation[] {
  return shown.operations
    .filter((op) => history.kind[op]! !== kinds.failed)
    .map((op) => {
      const times = { inv: history.inv[op]!, ret: history.ret[op]! };
      const kind = history.kind[op]!;
      const from = history.from[op]!;
      const to = history.to[op]!;
      if (kind === kinds.read) return { kind: "read", ...times, from };
      if (kind === kinds.refused) return { kind: "refused", ...times, from };
      if (kind === kinds.write || shown.asWrites.has(op)) return { kind: "write", ...times, to };
      return { kind: "cas", ...times, from, to };
    });
}

/**
 * Leaves out whatever is not needed, except what is required: single operations, values with all their operations, what
 * a cas compared with.
 */
export function shrink(
  history: KeyHistory,
  columns: ValueColumns,
  shown: Exhibit,
  required: ReadonlySet<number> = new Set(),
): Exhibit {
  let smallest = shown;
  const keepsRequired = (candidate: Exhibit): boolean => [...required].every((op) => candidate.operations.includes(op));
  for (let progress = true; progress; ) {
    const better = smaller(history, smallest).find(
      (candidate) =>
        keepsRequired(candidate) && isClosed(history, columns, candidate) && refuted(history, candidate) === true,
    );
    progress = better !== undefined;
    smallest = better ?? smallest;
  }
  return smallest;
}

function smaller(history: KeyHistory, shown: Exhibit): Exhibit[] {
  const { operations, asWrites } = shown;
  const values = new Set(
    operations.flatMap((op) => [history.from[op]!, history.to[op]!]).filter((value) => value >= 0),
  );
  const withoutValue = [...values].map((value) =>
    operations.filter((op) => history.from[op]! !== value && history.to[op]! !== value),
  );
  const withoutOperation = operations.map((left) => operations.filter((op) => op !== left));
  const relaxed = operations
    .filter((op) => isCas(history, op) && !asWrites.has(op))
    .map((op) => ({ operations, asWrites: new Set([...asWrites, op]) }));
  return [...[...withoutValue, ...withoutOperation].map((kept) => ({ operations: kept, asWrites })), ...relaxed];
}

/** Every value that is read or compared with has its writer in the exhibit, unless nobody wrote it at all. */
function isClosed(history: KeyHistory, columns: ValueColumns, shown: Exhibit): boolean {
  const inside = new Set(shown.operations);
  return shown.operations.every((op) => {
    const from = history.from[op]!;
    if (from <= initialValue || shown.asWrites.has(op)) return true;
    const writer = columns.writer[from]!;
    return writer < 0 || inside.has(writer);
  });
}
