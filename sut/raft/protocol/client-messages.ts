import type { Json } from "../kv/store.ts";

/**
 * What clients and nodes say to each other on the client port: frames of MessagePack, many requests under way on one
 * connection, answers in any order. The node speaks first.
 */

export interface Greeting {
  readonly node: string;
  readonly readMode: string;
}

export type ClientRequest =
  | { readonly id: number; readonly op: "read"; readonly key: string }
  | { readonly id: number; readonly op: "write"; readonly key: string; readonly value: Json }
  | { readonly id: number; readonly op: "cas"; readonly key: string; readonly expected: Json; readonly value: Json };

/** `not-leader`, `cas-mismatch` and `too-large`: certainly without effect. */
export type ClientAnswer =
  | { readonly type: "ok"; readonly value: Json }
  | { readonly type: "cas-mismatch" }
  | { readonly type: "too-large" }
  | { readonly type: "not-leader"; readonly leader: string | null }
  | { readonly type: "outcome-unknown" };

export interface ClientReply {
  readonly id: number;
  readonly answer: ClientAnswer;
}

/** A request larger than this is refused as `too-large`. */
export const maxRequestBytes = 1024 * 1024;
