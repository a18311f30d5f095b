import type { ObjectOperation } from "../operations.ts";

/** What was added, and when it may have been: `ret` Infinity for an addition of unknown outcome. */
export interface Addition {
  readonly op: ObjectOperation;
  readonly inv: number;
  readonly ret: number;
  readonly amount: number;
}

/** What the counter was seen to hold: by a read, or by an increment right after it had added its own amount. */
export interface Observation {
  readonly op: ObjectOperation;
  readonly value: number;
  /** What it added itself: 0 for a read. */
  readonly own: number;
}

/** The operations on one counter. */
export interface CounterHistory {
  readonly additions: readonly Addition[];
  /** In the order of their invocations. */
  readonly observations: readonly Observation[];
}

/** Whether an operation adds to a counter. */
export function adds({ f }: ObjectOperation): boolean {
  return f === "add" || f === "incr";
}

/** Said where operations are on no counter. */
export const noCounter = {
  code: "unsupported-operation",
  reached: "something that is no whole number up to 2^53 was added to a counter, or read of it",
  remedy: "give every key operations of one kind only, and add whole numbers",
} as const;

/** Null where something asked or answered is no number, or is too large to be added up. An absent counter reads as 0. */
export function counterHistory(operations: readonly ObjectOperation[]): CounterHistory | null {
  const additions = operations
    .filter((op) => adds(op) && op.outcome !== "fail")
    .map((op) => ({ op, inv: op.inv, ret: op.ret, amount: op.asked }));
  const observations = operations
    .filter((op) => (op.f === "read" || op.f === "incr") && op.outcome === "ok")
    .map((op) => ({ op, value: op.f === "read" ? (op.answer ?? 0) : op.answer, own: op.f === "read" ? 0 : op.asked }));
  if (!additions.every(isAddition) || !observations.every(isObservation)) return null;
  const largestSum = additions.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  return isExact(largestSum) ? { additions, observations } : null;
}

function isAddition(addition: { amount: unknown }): addition is Addition {
  return isExact(addition.amount);
}

function isObservation(observation: { value: unknown; own: unknown }): observation is Observation {
  return isExact(observation.value) && isExact(observation.own);
}

/** Nothing is rounded then, which would look like a lost update. */
function isExact(value: unknown): boolean {
  return Number.isSafeInteger(value);
}
