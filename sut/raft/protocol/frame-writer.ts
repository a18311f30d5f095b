import type { Socket } from "node:net";

/** Writes frames to a socket: all that one turn of the event loop brought about leaves in one write, at its end. */
export class FrameWriter {
  readonly #socket: Socket;
  #frames: Buffer[] = [];
  #waitingBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Bytes that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength;
  }

  write(frame: Buffer): void {
    this.#waitingBytes += frame.length;
    if (this.#frames.push(frame) === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#waitingBytes = 0;
    if (!this.#socket.destroyed)
      this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }
}
