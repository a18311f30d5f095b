import { Packr } from "msgpackr";
import { FrameError } from "./frame-error.ts";
import { checkStructure } from "./structure.ts";

/** Plain MessagePack: every frame can be read by itself. */
const packr = new Packr({ useRecords: false });
const headerBytes = 4;

/**
 * A message as one frame: its length (4 bytes, big endian), then MessagePack. What users put into the store travels as text
 * or bytes within it, so that their keys are never the keys of a message.
 */
export function encodeFrame(value: unknown): Buffer {
  const body = packr.pack(value);
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.set(body, headerBytes);
  return frame;
}

/** Cuts a byte stream into frames. A stream that broke the format throws FrameError, and is of no use any more. */
export class FrameDecoder {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The frames that are complete now, with their sizes in bytes. */
  push(chunk: Buffer): { value: unknown; bytes: number }[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed()) return [];
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const frames: { value: unknown; bytes: number }[] = [];
    let offset = 0;
    for (;;) {
      const bytes = this.#bodyBytes(all, offset);
      if (bytes === null || all.length - offset < headerBytes + bytes) break;
      const start = offset + headerBytes;
      frames.push({ value: decode(all.subarray(start, start + bytes)), bytes });
      offset = start + bytes;
    }
    const rest = all.subarray(offset);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return frames;
  }

  /** Bytes that the first frame needs, so that a large one is not put together again at each of its pieces. */
  #needed(): number {
    const first = this.#chunks[0];
    const bytes = first === undefined ? null : this.#bodyBytes(first, 0);
    return headerBytes + (bytes ?? 0);
  }

  #bodyBytes(buffer: Buffer, offset: number): number | null {
    if (buffer.length - offset < headerBytes) return null;
    const bytes = buffer.readUInt32BE(offset);
    if (bytes > this.#maxBytes)
      throw new FrameError(`a frame of ${bytes} bytes; at most ${this.#maxBytes} are allowed`);
    return bytes;
  }
}

/** The value that a frame's body holds. Throws FrameError. */
function decode(body: Buffer): unknown {
  try {
    checkStructure(body);
    return packr.unpack(body);
  } catch (cause) {
    throw new FrameError(`a frame that cannot be read: ${(cause as Error).message}`, { cause });
  }
}
