import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Compression, compressionOf } from "./compression.ts";
import { HistoryError } from "./history-error.ts";
import { zstdFrames } from "./zstd-frame.ts";

const chunkBytes = 1 << 20;

/** The marks that text may begin with, and what is made of the bytes of such text. */
const byteOrderMarks: readonly (readonly [mark: Buffer, bytes: (chunks: Iterable<Buffer>) => Iterable<Buffer>])[] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), (chunks) => chunks],
  [Buffer.from([0xff, 0xfe]), (chunks) => fromUtf16("utf-16le", chunks)],
  [Buffer.from([0xfe, 0xff]), (chunks) => fromUtf16("utf-16be", chunks)],
];

/**
 * The bytes of a history file, decompressed and without a byte order mark, in pieces that are valid until the next.
 * `name` is what messages call it.
 */
export function* fileChunks(file: string, name = file): Generator<Buffer> {
  const chunks = readers[compressionOf(file)](file, name);
  const { value: first, done } = chunks.next();
  if (done === true) return;
  const marked = byteOrderMarks.find(([mark]) => first.subarray(0, mark.length).equals(mark));
  if (marked === undefined) {
    yield first;
    yield* chunks;
  } else {
    const [mark, bytes] = marked;
    yield* bytes(andThen(first.subarray(mark.length), chunks));
  }
}

function* andThen(first: Buffer, others: Iterable<Buffer>): Generator<Buffer> {
  yield first;
  yield* others;
}

/** Windows writes that where output is redirected to a file. */
function* fromUtf16(encoding: "utf-16le" | "utf-16be", chunks: Iterable<Buffer>): Generator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

const readers: Readonly<Record<Compression, (file: string, name: string) => Generator<Buffer>>> = {
  none: plainChunks,
  zstd: zstdChunks,
  gzip: gzipChunks,
};

function* plainChunks(file: string): Generator<Buffer> {
  const descriptor = openSync(file, "r");
  try {
    // The logs of nodes are many and small; a pipe has no size.
    const buffer = Buffer.allocUnsafe(Math.min(fstatSync(descriptor).size || chunkBytes, chunkBytes));
    for (;;) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Frame by frame, so that memory is bounded by the frame size that `compress.ts` chose and not by the history's. */
function* zstdChunks(file: string, name: string): Generator<Buffer> {
  for (const { frame, at } of zstdFrames(name, readFileSync(file))) {
    const found = `a damaged zstd frame at byte ${at}`;
    yield* pieces(whole(name, () => zstdDecompressSync(frame), found, "whole zstd frames"));
  }
}

/** All at once: gzip has no frames that could be read one by one. */
function* gzipChunks(file: string, name: string): Generator<Buffer> {
  yield* pieces(whole(name, () => gunzipSync(readFileSync(file)), "gzip that is damaged or cut short", "a whole file"));
}

/** A text of the longest history would be longer than a string may be. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

function whole(name: string, decompress: () => Buffer, found: string, expected: string): Buffer {
  try {
    return decompress();
  } catch (cause) {
    const error = new HistoryError(name, 0, found, expected);
    error.cause = cause;
    throw error;
  }
}
