/**
 * One line of a history (`history.jsonl`): what a client asked and heard, what the nemesis did, what the observer saw.
 *
 * Analysis and reports read nothing but these events, so a stored or imported history is judged exactly like a fresh
 * one. Times are nanoseconds of one monotonic clock on the controller, counted from the start of the run; `index` is
 * the event's place in the file and decides the order where two times are equal.
 */
export interface HistoryEvent {
  readonly index: number;
  readonly time: number;
  /** A number is a client process; a name is one of the harness's own voices (see `Annotator`). */
  readonly process: number | Annotator;
  readonly type: EventType;
  /** The operation for a client (`read`, `write`, `cas`), the fault's name for the nemesis, the topic for the rest. */
  readonly f: string;
  readonly key?: string;
  /**
   * A client's operand or answer: `read` null, then what was read (null: absent); `write` the value; `cas` [old, new].
   * An annotator's: the record named in `annotations.ts`.
   */
  readonly value?: unknown;
  /** The node that answered (completions), or that the request was sent to last (`info`). */
  readonly node?: string;
  /** Why an operation ended in `fail` or `info`: one of `ErrorCode`, or a code of the imported history. */
  readonly error?: string;
  /** What the error said, where its code does not say it all. */
  readonly detail?: string;
  /**
   * Of an invocation that waited for a free client by more than a millisecond: when it was due, on the same clock.
   * Latency as users feel it counts from then; real-time order from `time`.
   */
  readonly intendedNs?: number;
}

/** `ok` happened, `fail` certainly did not happen, `info` may have happened, or may still happen later. */
export type EventType = "invoke" | "ok" | "fail" | "info";

/** `nemesis` injects and heals faults, `observer` reports roles and terms, `controller` marks phases of the run. */
export const annotators = ["nemesis", "observer", "controller"] as const;
export type Annotator = (typeof annotators)[number];

/** Why a client's operation did not end in `ok`. Only codes marked certain may accompany `fail`. */
export const errorCodes = {
  "cas-mismatch": { certain: true, meaning: "the register did not hold the expected value" },
  "wrong-type": { certain: true, meaning: "the key held a value of another type than the operation works on" },
  "insufficient-funds": { certain: true, meaning: "the account does not allow the transfer" },
  "given-up": { certain: true, meaning: "a request that had to come first was not answered, so nothing was changed" },
  "not-leader": { certain: true, meaning: "the node refused: it is not the leader, and knows no other" },
  overloaded: { certain: true, meaning: "the leader refused: too many requests wait for a majority" },
  "not-sent": { certain: true, meaning: "no connection could be made, so the request never left the client" },
  "too-large": { certain: true, meaning: "the node refused the value for its size" },
  "session-expired": { certain: true, meaning: "the store had forgotten the client's session, and did nothing" },
  timeout: { certain: false, meaning: "no answer within the operation's time limit" },
  "connection-lost": { certain: false, meaning: "the connection broke after the request was sent" },
  "client-stuck": {
    certain: false,
    meaning: "the client never answered, not even with a timeout: a defect of the adapter",
  },
  "client-error": { certain: false, meaning: "the client threw an error: a defect of the adapter" },
  "controller-ended": { certain: false, meaning: "the controller ended before the answer could be recorded" },
  "outcome-unknown": { certain: false, meaning: "the node lost leadership before the outcome was known" },
} as const satisfies Record<string, { certain: boolean; meaning: string }>;
export type ErrorCode = keyof typeof errorCodes;

/** An operation as a client is asked to carry it out: an invocation without its bookkeeping. */
export interface Operation {
  readonly f: string;
  readonly key?: string;
  readonly value?: unknown;
}

/** What a client reports when an operation ends. */
export interface Completion {
  readonly type: "ok" | "fail" | "info";
  readonly value?: unknown;
  readonly node?: string;
  readonly error?: string;
  readonly detail?: string;
}
