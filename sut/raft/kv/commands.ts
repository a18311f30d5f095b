/** A JSON value; null is also what an absent key reads as. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One step of a transaction. */
export type KvMicroOp =
  | readonly ["r", key: string, value: null]
  | readonly ["w", key: string, value: Json]
  | readonly ["append", key: string, element: Json]
  | readonly ["cas", key: string, exchange: readonly [old: Json, new: Json]];

export type KvCommand =
  | { readonly type: "put"; readonly key: string; readonly value: Json }
  | { readonly type: "cas"; readonly key: string; readonly expected: Json; readonly value: Json }
  | { readonly type: "delete"; readonly key: string }
  | { readonly type: "append"; readonly key: string; readonly element: Json }
  | { readonly type: "incr"; readonly key: string; readonly by: number }
  | { readonly type: "txn"; readonly steps: readonly KvMicroOp[] };

/** Anything but `ok` changed nothing. */
export type KvResult =
  /** The value that answers the client. */
  | { readonly type: "ok"; readonly value: Json }
  | { readonly type: "cas-mismatch"; readonly found: Json }
  /** An element for what is not a list, or a sum with what is not a number. */
  | { readonly type: "wrong-type"; readonly found: Json };
