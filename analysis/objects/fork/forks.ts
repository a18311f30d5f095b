import { encode } from "../elements.ts";
import type { ObjectOperation } from "../operations.ts";

/** A read of several keys at once: which of them it found written. */
export interface GroupRead {
  readonly op: ObjectOperation;
  readonly values: readonly (readonly [key: string, value: unknown])[];
}

/** The one write of a key that happened or may have. */
export interface Write {
  readonly op: ObjectOperation;
  readonly value: unknown;
}

/** The writes and reads of a history of write-once keys. */
export interface ForkHistory {
  readonly reads: readonly GroupRead[];
  readonly writes: ReadonlyMap<string, readonly Write[]>;
  readonly failed: ReadonlyMap<string, readonly Write[]>;
}

type MicroOps = readonly (readonly [f: string, key: string, value: unknown])[];

/** Transactions of reads only are group reads, those of writes only write their keys; others have no place here. */
export function forkHistory(operations: readonly ObjectOperation[]): ForkHistory | null {
  const reads: GroupRead[] = [];
  const writes = new Map<string, Write[]>();
  const failed = new Map<string, Write[]>();
  for (const op of operations) {
    const steps = stepsOf(op);
    if (steps === undefined) continue;
    if (steps === null) return null;
    if (steps.every(([f]) => f === "r")) {
      if (op.outcome === "ok") reads.push({ op, values: steps.map(([, key, value]) => [key, value ?? null]) });
    } else if (steps.every(([f]) => f === "w")) {
      const into = op.outcome === "fail" ? failed : writes;
      for (const [, key, value] of steps) into.set(key, [...(into.get(key) ?? []), { op, value }]);
    } else return null;
  }
  return { reads, writes, failed };
}

/** Undefined: not of a long-fork workload. Null: a transaction that cannot be understood. */
function stepsOf({ f, key, asked, answer }: ObjectOperation): MicroOps | null | undefined {
  const steps = answer ?? asked;
  if (f === "read-group") {
    if (!Array.isArray(steps) || steps.length === 0) return null;
    return steps.map((step: readonly [string, unknown]) => ["r", step[0], step[1]] as const);
  }
  // Jepsen's own long fork has the steps of a transaction under `read` and `write` too.
  const inSteps = (f === "read" || f === "write") && key === "" && Array.isArray(steps) && steps.every(isStep);
  if (f === "write" && !inSteps) return [["w", key, asked]];
  if (f !== "txn" && !inSteps) return undefined;
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) return null;
  return steps.map(([does, named, value]) => [does.replace(/^:/, ""), keyOf(named), value]);
}

type Step = readonly [f: string, key: string | number, value: unknown];

function isStep(step: unknown): step is Step {
  if (!Array.isArray(step) || step.length < 2) return false;
  return typeof step[0] === "string" && (typeof step[1] === "string" || typeof step[1] === "number");
}

function keyOf(named: string | number): string {
  return typeof named === "string" ? named : JSON.stringify(named);
}

/** One read that saw x but not y, and another that saw y but not x. */
export interface Fork {
  readonly one: GroupRead;
  readonly other: GroupRead;
  readonly x: string;
  readonly y: string;
}

/** Forks among keys that were written once, the first found of each pair of keys. */
export function forksOf({ reads, writes }: ForkHistory): Fork[] {
  const sawFirst = new Map<string, GroupRead>();
  const forks: Fork[] = [];
  for (const read of reads) {
    const once = read.values.filter(([key, value]) => {
      const all = writes.get(key) ?? [];
      return all.length === 1 && (value === null || encode(value) === encode(all[0]?.value));
    });
    const seen = once.filter(([, value]) => value !== null);
    const unseen = once.filter(([, value]) => value === null);
    for (const [x] of seen) {
      for (const [y] of unseen) {
        const pair = JSON.stringify([x, y]);
        if (sawFirst.has(pair)) continue;
        sawFirst.set(pair, read);
        const one = sawFirst.get(JSON.stringify([y, x]));
        if (one !== undefined) forks.push({ one, other: read, x: y, y: x });
      }
    }
  }
  return forks;
}
