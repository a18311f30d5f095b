import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "../../host.ts";
import {
  bytesInMessage,
  type Measurement,
  MessageLog,
  messageEveryMs,
  messagesInSample,
  type Sample,
  sampleTimeoutMs,
} from "../../links/sample.ts";

/** Less than TCP waits before it sends a lost segment again, and more than a busy machine usually delays a message. */
const lateMs = 150;
/** A connection without a reset in so many messages is taken as sound. */
const messagesUntilSound = 400;

/** Answers each byte from a peer with the same byte: the far end of a sample. */
export async function openEcho(host: string, isPeer: (host: string) => boolean = () => true): Promise<Server> {
  const echo = createServer((socket) => {
    if (!isPeer(socket.remoteAddress ?? "")) return void socket.destroy();
    socket.setNoDelay(true);
    socket.on("error", () => {}); // a sample that ends early is no news here
    socket.pipe(socket);
  });
  echo.listen(0, host);
  await once(echo, "listening");
  return echo;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Measures the way to an echo and back on a TCP connection. What does not arrive is a part of the sample, never an error. */
export async function sampleStream(echo: Endpoint, measurement: Measurement): Promise<Sample> {
  const socket = connect(echo);
  socket.setNoDelay(true);
  socket.on("error", () => {}); // `close` follows
  try {
    const probe = new StreamProbe(socket);
    if (measurement.type === "messages") return await probe.messages();
    if (measurement.type === "transfer") return await probe.transfer(measurement.bytes);
    return await probe.connection();
  } finally {
    socket.destroy();
  }
}

class StreamProbe {
  readonly #socket: Socket;
  #echoedBytes = 0;
  #isClosed = false;
  #onEcho = (): void => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data) => {
      this.#echoedBytes += data.length;
      this.#onEcho();
    });
    socket.once("close", () => {
      this.#isClosed = true;
      this.#onEcho();
    });
  }

  /** A stream keeps its order, so that so many bytes are so many messages. */
  async messages(): Promise<Sample> {
    const log = new MessageLog();
    let answered = 0;
    this.#onEcho = () => {
      for (; answered < Math.floor(this.#echoedBytes / bytesInMessage); answered++) {
        log.arrived(answered, performance.now());
      }
    };
    for (let number = 0; number < messagesInSample && !this.#isClosed; number++) {
      log.sent(performance.now());
      this.#socket.write(Buffer.alloc(bytesInMessage));
      await sleep(messageEveryMs);
    }
    await this.#until(() => log.isComplete, this.#onEcho);
    return log.sample(lateMs);
  }

  async transfer(bytes: number): Promise<Sample> {
    const startedMs = performance.now();
    this.#socket.write(Buffer.alloc(bytes));
    await this.#until(() => this.#echoedBytes >= bytes);
    return { type: "transfer", bytes: this.#echoedBytes, tookMs: performance.now() - startedMs };
  }

  /** One message at a time: each is a packet of its own. */
  async connection(): Promise<Sample> {
    const untilMs = performance.now() + sampleTimeoutMs;
    let messages = 0;
    while (messages < messagesUntilSound && performance.now() < untilMs && !this.#isClosed) {
      this.#socket.write(Buffer.alloc(bytesInMessage));
      const wanted = (messages + 1) * bytesInMessage;
      await this.#until(() => this.#echoedBytes >= wanted);
      if (this.#echoedBytes < wanted) break;
      messages++;
    }
    return { type: "connection", messages, reset: this.#isClosed };
  }

  /** Until the echo has done what is waited for, the connection is gone, or time is up. */
  async #until(isDone: () => boolean, noteEcho = () => {}): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      noteEcho();
      if (isDone() || this.#isClosed) resolve();
    };
    this.#onEcho = look;
    const timer = setTimeout(resolve, sampleTimeoutMs);
    look();
    await promise;
    clearTimeout(timer);
    this.#onEcho = noteEcho;
  }
}
