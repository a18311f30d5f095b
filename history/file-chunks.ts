import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { HistoryError } from "./history-error.ts";
import { frameEnd, zstdMagic } from "./zstd-frame.ts";

const chunkBytes = 1 << 20;

/**
 * The bytes of a history file, decompressed, in pieces that are valid until the next one is asked for. A file is
 * compressed when its name or its beginning says so: what came through a pipe has no name.
 */
export function fileChunks(file: string): Iterable<Buffer> {
  return file.endsWith(".zst") || beginsAsZstd(file) ? zstdChunks(file) : plainChunks(file);
}

function beginsAsZstd(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const head = Buffer.alloc(zstdMagic.length);
    return readSync(descriptor, head, 0, head.length, 0) === head.length && head.equals(zstdMagic);
  } finally {
    closeSync(descriptor);
  }
}

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
  const compressed = readFileSync(file);
  let at = 0;
  while (at < compressed.length) {
    const end = frameEnd(compressed, at);
    if (end === null) {
      throw new HistoryError(file, 0, `a zstd frame at byte ${at} that is cut short or is none`, "whole zstd frames");
    }
    yield decompress(file, compressed.subarray(at, end), at);
    at = end;
  }
}

function decompress(file: string, frame: Buffer, at: number): Buffer {
  try {
    return zstdDecompressSync(frame);
  } catch (cause) {
    const error = new HistoryError(file, 0, `a damaged zstd frame at byte ${at}`, "whole zstd frames");
    error.cause = cause;
    throw error;
  }
}
