import type { LogCommand } from "../kv/commands.ts";
import type { RaftNode } from "../ports.ts";
import type { ClientAnswer, Question } from "../protocol/client-messages.ts";

/** What came of a request: the node's answer, or how far the request got. */
export type Attempt =
  | { readonly type: "answered"; readonly answer: ClientAnswer }
  /** No connection: the request never left. */
  | { readonly type: "not-sent" }
  | { readonly type: "connection-lost" }
  | { readonly type: "timeout" };

/** A client's way to one node, made when first needed and again after it broke. */
export interface Connection {
  /** How the node answers reads; null until it has been connected to. */
  readonly readMode: string | null;
  ask(question: Question<LogCommand>, timeoutMs: number): Promise<Attempt>;
  close(): void;
}

export type Connect = (node: RaftNode) => Connection;
