import type { Socket } from "node:net";

/** The bytes that a peer is answered with: a whole frame came, or a piece of one and its end is still to come. */
export const received = { part: 0, frame: 1 } as const;

/** So late at most is a peer told what came: little against the time in which a silent link is given up. */
const confirmWithinMs = 10;
/** So much is confirmed at once: its sender may wait for that before it sends more. */
const urgentBytes = 64 * 1024;

/**
 * Tells a peer what came from it, together for a while, because a write for each frame costs both ends as much as the frame
 * itself.
 */
export class Confirmations {
  readonly #socket: Socket;
  #bytes = 0;
  #frames = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("close", () => this.#cancel());
  }

  /** Bytes arrived; with them, so many frames became whole. */
  note(bytes: number, frames: number): void {
    this.#bytes += bytes;
    this.#frames += frames;
    if (this.#bytes >= urgentBytes) this.#confirm();
    else this.#timer ??= setTimeout(() => this.#confirm(), confirmWithinMs);
  }

  #confirm(): void {
    this.#cancel();
    if (this.#socket.destroyed) return;
    this.#socket.write(this.#frames > 0 ? Buffer.alloc(this.#frames, received.frame) : Buffer.of(received.part));
    this.#frames = 0;
    this.#bytes = 0;
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
