import { isZero } from "./zeros.ts";

/** Bytes of a known number that can be read anywhere, such as an open file. */
export interface ByteSource {
  readonly bytes: number;
  /** Exactly `length` bytes from `offset`. */
  read(offset: number, length: number): Promise<Buffer>;
}

const defaultChunkBytes = 4 * 1024 * 1024;

/** Reads forward through a source of any size, a chunk at a time: one `readFile` ends at 2 GiB. */
export class ChunkedReader {
  readonly #source: ByteSource;
  readonly #chunkBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkStart = 0;

  constructor(source: ByteSource, chunkBytes = defaultChunkBytes) {
    this.#source = source;
    this.#chunkBytes = chunkBytes;
  }

  get bytes(): number {
    return this.#source.bytes;
  }

  /** Bytes from `offset`: `length` of them, or as many as there are. */
  async read(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.bytes);
    if (offset < this.#chunkStart || end > this.#chunkStart + this.#chunk.length) {
      const chunkEnd = Math.min(offset + Math.max(length, this.#chunkBytes), this.bytes);
      this.#chunk = await this.#source.read(offset, chunkEnd - offset);
      this.#chunkStart = offset;
    }
    return this.#chunk.subarray(offset - this.#chunkStart, end - this.#chunkStart);
  }

  async isZeroFrom(offset: number): Promise<boolean> {
    for (let at = offset; at < this.bytes; at += this.#chunkBytes) {
      if (!isZero(await this.read(at, this.#chunkBytes))) return false;
    }
    return true;
  }
}
