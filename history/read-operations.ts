import type { Operation } from "./event.ts";

/** Names of operations that change nothing, where a workload names no others. */
const usualReads: readonly string[] = ["read"];

/** Names of operations that change nothing. */
export function readNames(named: readonly string[] | undefined): ReadonlySet<string> {
  return new Set(named ?? usualReads);
}

/** Whether a transaction has reads, and no other steps. */
export function isReadTransaction({ f, value }: Operation): boolean {
  return f === "txn" && Array.isArray(value) && value.length > 0 && value.every(isRead);
}

function isRead(step: unknown): boolean {
  return Array.isArray(step) && step[0] === "r";
}
