import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { maxUnreadBytes, unreadReason } from "../unread.ts";

/** So many requests may be sent on one connection before the first of them is answered (pipelining). */
const maxRequests = 100;

interface Waiting {
  requests: number;
  bytes: number;
}

/**
 * What waits on each connection: requests for their answers, and answers for the client to read them. `node:http` bounds
 * neither, since it answers pipelined requests in their order and keeps later answers until then.
 */
export class WaitingAnswers {
  readonly #waiting = new WeakMap<Socket, Waiting>();
  readonly #onRefused: (reason: string) => void;

  constructor(onRefused: (reason: string) => void) {
    this.#onRefused = onRefused;
  }

  /** A request has come. Returns how to end its response, or null when there were too many and the connection was closed. */
  enter({ socket }: IncomingMessage, response: ServerResponse): ((body: string) => void) | null {
    const waiting = this.#waiting.get(socket) ?? { requests: 0, bytes: 0 };
    this.#waiting.set(socket, waiting);
    let bytes = 0;
    waiting.requests++;
    response.once("close", () => {
      waiting.requests--;
      waiting.bytes -= bytes;
    });
    if (waiting.requests > maxRequests) {
      this.#close(socket, `more than ${maxRequests} requests wait for their answers`);
      return null;
    }
    return (body) => {
      bytes = Buffer.byteLength(body);
      waiting.bytes += bytes;
      response.end(body);
      if (waiting.bytes > maxUnreadBytes) this.#close(socket, unreadReason);
    };
  }

  #close(socket: Socket, reason: string): void {
    if (socket.destroyed) return;
    socket.destroy();
    this.#onRefused(`over HTTP: ${reason}`);
  }
}
