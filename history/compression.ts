import { closeSync, openSync, readSync } from "node:fs";
import { zstdMagic } from "./zstd-frame.ts";

export type Compression = "none" | "gzip" | "zstd";

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const longestMagic = 4;

/** How a file is compressed, by how it begins, since what came through a pipe has no name; else by its name. */
export function compressionOf(file: string): Compression {
  const head = headOf(file);
  const begins = (magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
  if (begins(zstdMagic) || file.endsWith(".zst")) return "zstd";
  return begins(gzipMagic) ? "gzip" : "none";
}

function headOf(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const head = Buffer.alloc(longestMagic);
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
