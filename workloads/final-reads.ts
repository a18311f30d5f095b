import type { Operation } from "../history/event.ts";

/** Of more keys than this the oldest are left alone: every client reads all of them, and that takes its time. */
const maxKeys = 100;

/** Reads of the keys that the load used last. */
export function readsOf(keys: readonly string[]): readonly Operation[] {
  return keys.slice(-maxKeys).map((key) => ({ f: "read", key, value: null }));
}

/** The same as transactions of one read each. */
export function transactionReadsOf(keys: readonly string[]): readonly Operation[] {
  return keys.slice(-maxKeys).map((key) => ({ f: "txn", value: [["r", key, null]] }));
}
