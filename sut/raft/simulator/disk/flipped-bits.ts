import type { RandomStream } from "../../../../random/stream.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** A bit that is not as it was written. */
export interface FlippedBit {
  readonly path: string;
  readonly offset: number;
  readonly mask: number;
  /** The byte that it is in, as the flip left it. */
  readonly byte: number;
}

/** Flips so many bits, as far as there are any, of what was written into files: a byte that is zero may never have been. */
export function flipBits(files: MemoryFiles, count: number, random: RandomStream): readonly FlippedBit[] {
  const written = files.paths().map((path) => {
    const file = files.open(path);
    return { path, file, offsets: offsetsWritten(file.bytes) };
  });
  const total = written.reduce((sum, { offsets }) => sum + offsets.length, 0);
  const flipped = new Map<number, FlippedBit>();
  // By bytes alone the log, which is most of them, would take nearly all: every other one goes to any file, by chance.
  const starts = startsOf(written);
  while (flipped.size < Math.min(count, total)) {
    const [from, until] = random.fraction() < 0.5 ? [0, total] : random.pick(starts);
    const at = random.integer(from, until - 1);
    if (flipped.has(at)) continue;
    const { path, file, offset } = placeAt(written, at);
    const mask = 1 << random.integer(0, 7);
    file.bytes[offset]! ^= mask;
    flipped.set(at, { path, offset, mask, byte: file.bytes[offset]! });
  }
  return [...flipped.values()];
}

/** Flips back what was not written over since, in whatever files a power loss has left; how many those were. */
export function flipBack(files: MemoryFiles, bits: readonly FlippedBit[]): number {
  const paths = new Set(files.paths());
  const left = bits.filter(({ path, offset, byte }) => paths.has(path) && files.open(path).bytes[offset] === byte);
  for (const { path, offset, mask } of left) files.open(path).bytes[offset]! ^= mask;
  return left.length;
}

function offsetsWritten(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== 0) offsets.push(at);
  return offsets;
}

/** Where each file's bytes begin and end when all that was written is counted through; empty ones are left out. */
function startsOf(written: readonly { readonly offsets: readonly number[] }[]): [from: number, until: number][] {
  let from = 0;
  return written.flatMap(({ offsets: { length } }): [number, number][] => {
    const until = from + length;
    const range: [number, number] = [from, until];
    from = until;
    return length === 0 ? [] : [range];
  });
}

/** Which byte it is when all that was written is counted through. */
function placeAt(
  written: readonly { readonly path: string; readonly file: MemoryFile; readonly offsets: readonly number[] }[],
  at: number,
): { readonly path: string; readonly file: MemoryFile; readonly offset: number } {
  let place = at;
  for (const { path, file, offsets } of written) {
    if (place < offsets.length) return { path, file, offset: offsets[place]! };
    place -= offsets.length;
  }
  throw new RangeError(`only ${at - place} bytes were written, and ${at} is none of them`);
}
