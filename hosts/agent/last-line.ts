import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Longer than any line that tells why a process ended. */
const mostBytes = 8192;

/** The last line of a file that is not blank; of one that is longer than 8 KiB its end. Null when there is none. */
export function lastLineOf(file: string): string | null {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, mostBytes));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString("utf8").split("\n");
    return lines.findLast((line) => line.trim() !== "") ?? null;
  } finally {
    closeSync(descriptor);
  }
}
