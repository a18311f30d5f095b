import type { ObjectOperation } from "../operations.ts";

/** A time during which a process certainly held a lock: from the end of its acquire to the beginning of its release. */
export interface Hold {
  readonly acquire: ObjectOperation;
  /** The first release that the process invoked after that, whatever became of it; null: none. */
  readonly release: ObjectOperation | null;
  readonly from: number;
  readonly to: number;
}

/**
 * Processes with an operation of unknown outcome. Their clients went on as processes with higher numbers, and those may
 * release what these acquired.
 */
export function retiredProcesses(operations: readonly ObjectOperation[]): ReadonlySet<number> {
  return new Set(operations.filter(({ outcome }) => outcome === "info").map(({ process }) => process));
}

/** The certain holds of one lock, by their beginnings. */
export function holdsOf(operations: readonly ObjectOperation[], retired: ReadonlySet<number>): Hold[] {
  const open = new Map<number, ObjectOperation>();
  const holds: Hold[] = [];
  const end = (acquire: ObjectOperation, release: ObjectOperation | null): void => {
    open.delete(acquire.process);
    holds.push({ acquire, release, from: acquire.ret, to: release?.inv ?? Infinity });
  };
  for (const op of operations) {
    if (op.f === "acquire" && op.outcome === "ok" && !open.has(op.process)) open.set(op.process, op);
    if (op.f !== "release") continue;
    for (const acquire of [...open.values()]) {
      const inherits = retired.has(acquire.process) && acquire.process < op.process && acquire.ret < op.inv;
      if (acquire.process === op.process || inherits) end(acquire, op);
    }
  }
  for (const acquire of [...open.values()]) end(acquire, null);
  return holds.sort((a, b) => a.from - b.from);
}

/** Pairs of holds of different processes that overlap; of each hold, with the one before that lasts longest. */
export function overlaps(holds: readonly Hold[]): [Hold, Hold][] {
  const found: [Hold, Hold][] = [];
  let longest: Hold | null = null;
  for (const hold of holds) {
    if (longest !== null && hold.from < longest.to) found.push([longest, hold]);
    if (longest === null || hold.to > longest.to) longest = hold;
  }
  return found;
}

/** Releases that went through although their process certainly did not hold the lock. */
export function foreignReleases(
  operations: readonly ObjectOperation[],
  retired: ReadonlySet<number>,
): ObjectOperation[] {
  const mayHold = new Set<number>();
  return operations.filter((op) => {
    if (op.f === "acquire" && op.outcome !== "fail") mayHold.add(op.process);
    if (op.f !== "release" || op.outcome !== "ok" || mayHold.delete(op.process)) return false;
    return ![...mayHold].some((process) => retired.has(process) && process < op.process);
  });
}
