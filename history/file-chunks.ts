import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Compression, compressionOf } from "./compression.ts";
import { HistoryError } from "./history-error.ts";
import { zstdFrames } from "./zstd-frame.ts";

const chunkBytes = 1 << 20;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The bytes of a history file, decompressed and without a byte order mark, in pieces that are valid until the next. */
export function* fileChunks(file: string): Generator<Buffer> {
  let isFirst = true;
  for (const chunk of readers[compressionOf(file)](file)) {
    const hasMark = isFirst && chunk.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    isFirst = false;
    yield hasMark ? chunk.subarray(byteOrderMark.length) : chunk;
  }
}

const readers: Readonly<Record<Compression, (file: string) => Iterable<Buffer>>> = {
  none: plainChunks,
  zstd: zstdChunks,
  gzip: gzipChunks,
};

function* plainChunks(file: string): Generator<Buffer> {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const count = readSync(descriptor, buffer, 0, chunkBytes, null);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Frame by frame, so that memory is bounded by the frame size that `compress.ts` chose and not by the history's. */
function* zstdChunks(file: string): Generator<Buffer> {
  for (const { frame, at } of zstdFrames(file, readFileSync(file))) {
    const found = `a damaged zstd frame at byte ${at}`;
    yield* pieces(whole(file, () => zstdDecompressSync(frame), found, "whole zstd frames"));
  }
}

/** All at once: gzip has no frames that could be read one by one. */
function* gzipChunks(file: string): Generator<Buffer> {
  yield* pieces(whole(file, () => gunzipSync(readFileSync(file)), "gzip that is damaged or cut short", "a whole file"));
}

/** A text of the longest history would be longer than a string may be. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

function whole(file: string, decompress: () => Buffer, found: string, expected: string): Buffer {
  try {
    return decompress();
  } catch (cause) {
    const error = new HistoryError(file, 0, found, expected);
    error.cause = cause;
    throw error;
  }
}
