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

/** A client's command of a session: carried out once, however often it is sent (§6.3). Numbers grow from 1. */
export interface OnceCommand {
  readonly type: "once";
  readonly session: number;
  readonly sequence: number;
  readonly command: KvCommand;
}

/** What the log carries for the state machine. `open-session` answers the new session's id. */
export type LogCommand = KvCommand | OnceCommand | { readonly type: "open-session" };

/** Anything but `ok` changed nothing. */
export type KvResult =
  /** What the client cannot know by itself: the sum of `incr`, the steps of `txn` with their reads; otherwise null. */
  | { readonly type: "ok"; readonly value: Json }
  | { readonly type: "cas-mismatch" }
  /** An element for what is not a list, or a sum with what is not a number, or one that no number can hold. */
  | { readonly type: "wrong-type" }
  /** A key would hold, or a transaction would read, more bytes of JSON than this. */
  | { readonly type: "too-large"; readonly limitBytes: number };

export type LogResult =
  | KvResult
  /** The session is forgotten, or went on to a later number: not carried out now, and nobody knows about earlier. */
  | { readonly type: "session-expired" };
