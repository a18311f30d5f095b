import type { Json, KvCommand } from "../kv/commands.ts";

/**
 * What clients and nodes say to each other on the client port: frames of MessagePack, many requests under way on one
 * connection, answers in any order. The node speaks first.
 */

export interface Greeting {
  readonly node: string;
  readonly readMode: string;
}

/** What a client wants: what a key holds, or a command of the state machine carried out. */
export type Question = { readonly read: string } | { readonly command: KvCommand };

/** The question as it travels: the command is bytes already, and stays these bytes in every log. */
export type EncodedQuestion = { readonly read: string } | { readonly command: Uint8Array };

export type ClientRequest = { readonly id: number } & EncodedQuestion;

/** All but `ok` and `outcome-unknown`: certainly without effect. */
export type ClientAnswer =
  | { readonly type: "ok"; readonly value: Json }
  | { readonly type: "cas-mismatch" }
  | { readonly type: "wrong-type" }
  | { readonly type: "too-large" }
  /** The leader is handing over; soon there is another. */
  | { readonly type: "transferring"; readonly to: string }
  | { readonly type: "not-leader"; readonly leader: string | null }
  | { readonly type: "overloaded" }
  | { readonly type: "outcome-unknown" };

export interface ClientReply {
  readonly id: number;
  readonly answer: ClientAnswer;
}

/** A request larger than this is refused as `too-large`. */
export const maxRequestBytes = 1024 * 1024;
