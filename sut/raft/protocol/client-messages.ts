import type { KvCommand, LogResult } from "../kv/commands.ts";
import { encodeFrame } from "./frames.ts";

/**
 * What clients and nodes say to each other on the client port: frames of MessagePack, many requests under way on one
 * connection, answers in any order. The node speaks first.
 */

export interface Greeting {
  readonly node: string;
  readonly readMode: string;
}

/** What a client wants: what a key holds, or a command of the state machine carried out. */
export type Question<Command = KvCommand> = { readonly read: string } | { readonly command: Command };

/** The question as it travels: the command is bytes already, and stays these bytes in every log. */
export type EncodedQuestion = Question<Uint8Array>;

export type ClientRequest = { readonly id: number } & EncodedQuestion;

/** All but `ok`, `outcome-unknown` and `session-expired`: certainly without effect. */
export type ClientAnswer =
  | LogResult
  /** The leader is handing over; soon there is another. */
  | { readonly type: "transferring"; readonly to: string }
  | { readonly type: "not-leader"; readonly leader: string | null }
  | { readonly type: "overloaded" }
  | { readonly type: "outcome-unknown" };

export interface ClientReply {
  readonly id: number;
  /** A `ClientAnswer` as JSON, which gives back every key of a value. */
  readonly answer: string;
}

export function encodeReply(id: number, answer: ClientAnswer): Buffer {
  return encodeFrame({ id, answer: JSON.stringify(answer) } satisfies ClientReply);
}

/** A request larger than this is refused as `too-large`. */
export const maxRequestBytes = 1024 * 1024;
