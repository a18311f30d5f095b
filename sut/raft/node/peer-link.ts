import { connect, type Socket } from "node:net";
import type { NodeId } from "../core/types.ts";
import type { Dial } from "../protocol/dial.ts";
import { FrameWriter } from "../protocol/frame-writer.ts";
import { encodeFrame } from "../protocol/frames.ts";
import { DialerHandshake, HandshakeError } from "../protocol/handshake.ts";
import { received } from "./confirmations.ts";

export interface PeerLinkOptions {
  readonly from: NodeId;
  readonly to: NodeId;
  /** The cluster's, which both ends prove that they know. */
  readonly secret: string;
  readonly endpoint: { readonly host: string; readonly port: number };
  /** A connection on which the peer confirms no byte for this long, while it owes some, is given up. */
  readonly stallMs: number;
  /** Something is sent at least this often, so that a dead connection is noticed before it is needed. */
  readonly pingMs: number;
  /** A monotonic clock. Asked at each send: a process that was paused may send before it is ticked. */
  readonly nowMs: () => number;
  readonly random: () => number;
  /** The peer answered on a new connection, or stopped answering. */
  readonly onChange: (up: boolean) => void;
  /** What answers there is not the peer. */
  readonly onRefused: (reason: string) => void;
  /** Left out: by TCP. */
  readonly dial?: Dial;
}

/**
 * A link that holds this much unsent drops what comes next: Raft repeats what is lost, memory does not come back. Twice
 * what a full window of the largest appends takes by default, so that catching up drops nothing.
 */
const maxBufferedBytes = 16 * 1024 * 1024;
const connectTimeoutMs = 250;
export const redialMs = { min: 50, max: 100 };
const ping = encodeFrame(null);

/**
 * The way to one peer: a connection of our own, on which only our messages travel; its answers come on its own. The
 * peer confirms each frame by a byte, and pieces of a large one, a few milliseconds later. A link can go silent without an error (packets dropped,
 * a paused peer), and TCP would then wait ever longer between its attempts; so a silent connection is replaced by a new one.
 */
export class PeerLink {
  readonly #options: PeerLinkOptions;
  #socket: Socket | null = null;
  #writer: FrameWriter | null = null;
  #state: "idle" | "connecting" | "greeting" | "open" = "idle";
  /** When the state began (connecting, greeting), or when the next dial is due (idle). */
  #at = 0;
  #unacknowledged = 0;
  #up = false;
  #waitingSinceMs = 0;
  #lastSentAt = 0;
  /** Messages that were dropped because the link was down or full. */
  dropped = 0;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#state === "open";
  }

  /** Frames that the peer has not confirmed yet. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** When the peer last confirmed anything, or came to owe the oldest confirmation. */
  get waitingSinceMs(): number {
    return this.#waitingSinceMs;
  }

  /** Sends, or drops what cannot be sent now. */
  send(frame: Buffer): void {
    if (this.#state !== "open" || this.#writer === null || this.#writer.bufferedBytes > maxBufferedBytes) {
      this.dropped++;
      return;
    }
    this.#write(this.#writer, frame);
  }

  /** Keeps the connection: dials, pings, gives up. Called often. */
  tick(): void {
    const now = this.#options.nowMs();
    if (this.#state === "idle") {
      if (now >= this.#at) this.#dial();
    } else if (this.#state === "connecting") {
      if (now - this.#at > connectTimeoutMs) this.#giveUp();
    } else if (this.#state === "greeting") {
      if (now - this.#at > this.#options.stallMs) this.#giveUp();
    } else if (this.#unacknowledged > 0 && now - this.#waitingSinceMs > this.#options.stallMs) {
      this.#giveUp();
    } else if (now - this.#lastSentAt >= this.#options.pingMs) {
      this.send(ping);
    }
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#state = "idle";
    this.#at = Number.POSITIVE_INFINITY;
    socket?.destroy();
  }

  #dial(): void {
    const { endpoint, dial = connect } = this.#options;
    const socket = dial({ ...endpoint, noDelay: true });
    this.#socket = socket;
    this.#state = "connecting";
    this.#at = this.#options.nowMs();
    const { from, to, secret } = this.#options;
    const handshake = new DialerHandshake("peer", { from, to }, secret);
    socket.on("connect", () => this.#connected(socket));
    socket.on("data", (bytes: Buffer) => {
      if (this.#socket !== socket) return;
      if (this.#state === "open") this.#acknowledged(bytes);
      else this.#greet(socket, handshake, bytes);
    });
    socket.on("close", () => {
      if (this.#socket === socket) this.#giveUp();
    });
    // The reason does not matter: "close" follows, and the link is dialled again.
    socket.on("error", () => undefined);
  }

  #connected(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#state = "greeting";
    this.#at = this.#options.nowMs();
  }

  #greet(socket: Socket, handshake: DialerHandshake, bytes: Buffer): void {
    try {
      const next = handshake.push(bytes);
      if (next === null) return;
      if ("reply" in next) socket.write(next.reply);
      else this.#opened(socket);
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.#options.onRefused(error.message);
      this.#giveUp();
    }
  }

  #opened(socket: Socket): void {
    this.#state = "open";
    this.#unacknowledged = 0;
    this.#writer = new FrameWriter(socket);
    this.#lastSentAt = this.#options.nowMs();
    this.#changeTo(true);
  }

  #write(writer: FrameWriter, frame: Buffer): void {
    const now = this.#options.nowMs();
    if (this.#unacknowledged === 0) this.#waitingSinceMs = now;
    this.#unacknowledged++;
    this.#lastSentAt = now;
    writer.write(frame);
  }

  #acknowledged(bytes: Buffer): void {
    for (const byte of bytes) if (byte === received.frame) this.#unacknowledged--;
    this.#waitingSinceMs = this.#options.nowMs();
  }

  #giveUp(): void {
    const socket = this.#socket;
    this.#changeTo(false);
    this.#socket = null;
    this.#state = "idle";
    this.#at = this.#options.nowMs() + redialMs.min + this.#options.random() * (redialMs.max - redialMs.min);
    socket?.destroy();
  }

  #changeTo(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    this.#options.onChange(up);
  }
}
