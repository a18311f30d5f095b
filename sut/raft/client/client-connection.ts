import { connect, type Socket } from "node:net";
import { type Clock, nowMs } from "../../../time/clock.ts";
import type { LogCommand } from "../kv/commands.ts";
import type { RaftNode } from "../ports.ts";
import {
  type ClientAnswer,
  type ClientReply,
  type Greeting,
  maxRequestBytes,
  type Question,
} from "../protocol/client-messages.ts";
import { encodeQuestion } from "../protocol/command-codec.ts";
import type { Dial } from "../protocol/dial.ts";
import { encodeFrame, FrameDecoder } from "../protocol/frames.ts";
import { greet } from "../protocol/greet.ts";
import type { Attempt, Connect, Connection } from "./connection.ts";

const connectTimeoutMs = 1000;
/**
 * A transaction is answered with its steps, as large as the request, and with what it read: as JSON no more than that, but
 * numbers take up to 2.25 times as much in MessagePack.
 */
const maxFrameBytes = 4 * maxRequestBytes;

/** Connections over TCP, to where the controller reaches each node. */
export function overSockets(clock: Clock, dial?: Dial): Connect {
  return (node) => new ClientConnection(node, clock, dial);
}

/**
 * One connection to one node. Answers are matched by number, so an answer to a request that was given up is dropped, and a
 * paused node holds up nobody but its own requests.
 */
export class ClientConnection implements Connection {
  readonly #node: RaftNode;
  readonly #clock: Clock;
  readonly #openSocket: Dial;
  #socket: Promise<Socket> | null = null;
  readonly #open = new Map<number, (attempt: Attempt) => void>();
  #lastId = 0;
  #closed = false;
  readMode: string | null = null;

  constructor(node: RaftNode, clock: Clock, dial: Dial = connect) {
    this.#node = node;
    this.#clock = clock;
    this.#openSocket = dial;
  }

  async ask(question: Question<LogCommand>, timeoutMs: number): Promise<Attempt> {
    const deadline = nowMs(this.#clock) + timeoutMs;
    const socket = await this.#connected(Math.min(timeoutMs, connectTimeoutMs));
    const leftMs = deadline - nowMs(this.#clock);
    if (socket === null || socket.destroyed || leftMs <= 0) return { type: "not-sent" };
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const settle = (attempt: Attempt) => {
        callOff();
        this.#open.delete(id);
        resolve(attempt);
      };
      const callOff = this.#clock.after(leftMs, () => settle({ type: "timeout" }));
      this.#open.set(id, settle);
      socket.write(encodeFrame({ id, ...encodeQuestion(question) }));
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket?.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  }

  async #connected(timeoutMs: number): Promise<Socket | null> {
    if (this.#closed) return null;
    this.#socket ??= this.#dial(timeoutMs);
    try {
      return await this.#socket;
    } catch {
      // Every reason comes to the same: nothing was sent, and the next request dials again.
      return null;
    }
  }

  #dial(timeoutMs: number): Promise<Socket> {
    const dialled = new Promise<Socket>((resolve, reject) => {
      const { id, secret, addresses } = this.#node;
      const { host, port } = addresses.reach.client;
      const socket = this.#openSocket({ host, port, noDelay: true });
      const decoder = new FrameDecoder(maxFrameBytes);
      const callOff = this.#clock.after(timeoutMs, () => socket.destroy(new Error("connect timeout")));
      const receive = (chunk: Buffer): void => {
        try {
          for (const { value } of decoder.push(chunk)) this.#received(value as Greeting | ClientReply);
        } catch (error) {
          socket.destroy(error as Error);
        }
      };
      greet(socket, "client", { from: "client", to: id }, secret).then((rest) => {
        callOff();
        socket.on("data", receive);
        resolve(socket);
        receive(rest);
      }, reject);
      socket.on("error", reject);
      socket.once("close", () => {
        callOff();
        reject(new Error("closed"));
        if (this.#socket === dialled) this.#lost();
      });
    });
    return dialled;
  }

  #received(message: Greeting | ClientReply): void {
    if ("node" in message) this.readMode = message.readMode;
    else this.#open.get(message.id)?.({ type: "answered", answer: JSON.parse(message.answer) as ClientAnswer });
  }

  #lost(): void {
    this.#socket = null;
    for (const settle of [...this.#open.values()]) settle({ type: "connection-lost" });
  }
}
