import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { EdgeImpairments } from "../../links/edge-impairments.ts";

/** What waits on the way; null is the end of the stream. */
interface Underway {
  readonly bytes: Buffer | null;
  readonly dueMs: number;
}

/** As long as TCP waits at least before it sends a lost segment again on Linux; then twice as long, and so on. */
const retransmitMs = 200;
/** Bytes on their way beyond which the sender has to wait, as a sender waits for its window. */
const windowBytes = 4 * 1024 * 1024;

/**
 * One direction of a connection: bytes and their end, in order, each when the edge's impairments let it pass. A byte stream shows
 * a lost packet as a stall: it is sent again after a timeout, and everything behind it waits.
 */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #impairments: EdgeImpairments;
  readonly #onReset: () => void;
  #underway: Underway[] = [];
  #underwayBytes = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isListening = false;
  #isHeld = true;
  /** The receiver's buffers are full. */
  #isBlocked = false;

  /** Both sockets are paused. `onReset`: the connection is to break. */
  constructor(from: Socket, to: Socket, impairments: EdgeImpairments, onReset: () => void) {
    this.#from = from;
    this.#to = to;
    this.#impairments = impairments;
    this.#onReset = onReset;
  }

  start(): void {
    this.#isHeld = false;
    if (!this.#isListening) this.#listen();
    this.#pump();
  }

  hold(): void {
    this.#isHeld = true;
    this.#from.pause();
    clearTimeout(this.#timer);
  }

  /** Impairments have ended: what they delayed arrives now. */
  hasten(): void {
    this.#underway = this.#underway.map(({ bytes }) => ({ bytes, dueMs: 0 }));
    this.#lastDueMs = 0;
    if (!this.#isHeld) this.#pump();
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#underway = [];
  }

  #listen(): void {
    this.#isListening = true;
    this.#from.on("data", (bytes: Buffer) => this.#send(bytes));
    this.#from.once("end", () => this.#queue(null));
    this.#to.on("drain", () => {
      this.#isBlocked = false;
      if (!this.#isHeld) this.#pump();
    });
  }

  #send(bytes: Buffer): void {
    if (this.#impairments.happens("link-reset")) this.#onReset();
    else this.#queue(bytes);
  }

  #queue(bytes: Buffer | null): void {
    this.#underway.push({ bytes, dueMs: this.#dueMs(bytes) });
    this.#underwayBytes += bytes?.length ?? 0;
    if (!this.#isHeld) this.#pump();
  }

  #dueMs(bytes: Buffer | null): number {
    if (this.#impairments.isClear && this.#underway.length === 0) return 0;
    const length = bytes?.length ?? 0;
    let dueMs = performance.now() + this.#impairments.delayMs(() => length);
    for (let waitMs = retransmitMs; this.#impairments.happens("link-lossy"); waitMs *= 2) dueMs += waitMs;
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    return this.#lastDueMs;
  }

  /** Forwards what is due; the sender goes on while neither the receiver nor the window is full. */
  #pump(): void {
    clearTimeout(this.#timer);
    while (!this.#isBlocked && this.#underway.length > 0) {
      const waitMs = this.#underway[0]!.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        break;
      }
      this.#forward(this.#underway.shift()!.bytes);
    }
    if (this.#isBlocked || this.#underwayBytes > windowBytes) this.#from.pause();
    else this.#from.resume();
  }

  #forward(bytes: Buffer | null): void {
    this.#underwayBytes -= bytes?.length ?? 0;
    if (!this.#to.writable) return;
    if (bytes === null) this.#to.end();
    else this.#isBlocked = !this.#to.write(bytes);
  }
}
