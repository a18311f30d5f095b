import type { ClientAnswer, ClientReply, Greeting } from "../../sut/raft/protocol/client-messages.ts";
import { encodeQuestion } from "../../sut/raft/protocol/command-codec.ts";
import { encodeFrame, FrameDecoder } from "../../sut/raft/protocol/frames.ts";

export const operations = ["put", "get"] as const;
export type OperationName = (typeof operations)[number];

/** One connection's side of a protocol, one request under way at a time. */
export interface Conversation {
  /** The answers that are complete now; false: one that was refused. */
  push(chunk: Buffer): readonly boolean[];
}

export interface Protocol {
  request(operation: OperationName, key: string, value: string): Buffer;
  converse(): Conversation;
}

/** How each store is spoken to over a plain socket that is kept open. */
export const protocols = {
  /** The store's own client protocol: MessagePack in frames. */
  keelhaul: {
    request: (operation, key, value) =>
      encodeFrame({
        id: 1,
        ...encodeQuestion(operation === "get" ? { read: key } : { command: { type: "put", key, value } }),
      }),
    converse: () => {
      const decoder = new FrameDecoder(1 << 24);
      return {
        push: (chunk) =>
          decoder.push(chunk).flatMap(({ value }) => {
            const message = value as Greeting | ClientReply;
            return "answer" in message ? [(JSON.parse(message.answer) as ClientAnswer).type === "ok"] : [];
          }),
      };
    },
  },
  /** etcd's JSON gateway over HTTP/1.1: keys and values in base64. */
  etcd: {
    request: (operation, key, value) => {
      const body = JSON.stringify({ key: base64(key), ...(operation === "put" && { value: base64(value) }) });
      const path = operation === "put" ? "/v3/kv/put" : "/v3/kv/range";
      return Buffer.from(`POST ${path} HTTP/1.1\r\nHost: etcd\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    },
    converse: () => {
      let pending = "";
      return {
        push: (chunk) => {
          pending += chunk.toString("latin1");
          const answers: boolean[] = [];
          for (let end = answerEnd(pending); end !== null; end = answerEnd(pending)) {
            answers.push(pending.startsWith("HTTP/1.1 200"));
            pending = pending.slice(end);
          }
          return answers;
        },
      };
    },
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;

/** Where the first HTTP answer ends, by its Content-Length; null: it is not complete. */
function answerEnd(text: string): number | null {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${text.slice(0, headEnd)}`);
  const end = headEnd + 4 + Number(length);
  return text.length < end ? null : end;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
