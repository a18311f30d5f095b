import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { type Compression, compressionOf } from "./compression.ts";
import { HistoryError } from "./history-error.ts";
import { type ZstdFrame, zstdFrames } from "./zstd-frame.ts";

/** Some ten million operations. */
export const defaultMaxHistoryBytes = 2e9;

/**
 * Throws HistoryError when a compressed file holds more than that. A few kilobytes can expand to more than any machine
 * has, so this is found out before anything is kept: what is decompressed is only counted. A damaged file is left to
 * its reader, which says where.
 */
export async function requireHistoryWithin(file: string, maxBytes: number): Promise<void> {
  const counter = new ByteCounter(maxBytes);
  try {
    await countBytes[compressionOf(file)](file, counter);
  } catch {
    if (!counter.isExceeded) return;
    const found = `more than ${maxBytes} bytes when it is decompressed`;
    throw new HistoryError(file, 0, found, "a smaller history, or a higher limit by --max-history-bytes");
  }
}

/** Fails at the first byte too many. */
class ByteCounter {
  #left: number;

  constructor(maxBytes: number) {
    this.#left = maxBytes;
  }

  /** How many more bytes there may be; below zero where there were too many. */
  get left(): number {
    return this.#left;
  }

  get isExceeded(): boolean {
    return this.#left < 0;
  }

  sink(): Writable {
    return new Writable({
      write: (chunk: Buffer, _, done) => {
        this.#left -= chunk.length;
        done(this.isExceeded ? new RangeError("too many bytes") : null);
      },
    });
  }
}

/** Decompressing to count takes time, and what the blocks of most histories can hold at most is within the limit. */
function mayExceed(frames: Iterable<ZstdFrame>, maxBytes: number): boolean {
  let most = 0;
  for (const { mostBytes } of frames) {
    most += mostBytes;
    if (most > maxBytes) return true;
  }
  return false;
}

const countBytes: Readonly<Record<Compression, (file: string, counter: ByteCounter) => Promise<void>>> = {
  none: async () => {},
  gzip: (file, counter) => pipeline(createReadStream(file), createGunzip(), counter.sink()),
  zstd: async (file, counter) => {
    const compressed = await readFile(file);
    if (!mayExceed(zstdFrames(file, compressed), counter.left)) return;
    for (const { frame } of zstdFrames(file, compressed)) {
      await pipeline(Readable.from([frame]), createZstdDecompress(), counter.sink());
    }
  },
};
