import { type ChangedByte, drawFlips, drawTear, type WrittenFile } from "../../../../hosts/damage/draw.ts";
import type { DamageRange } from "../../../../hosts/host.ts";
import type { RandomStream } from "../../../../random/stream.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** Flips so many bits, as far as there are any, of what was written into files. */
export function flipBits(
  files: MemoryFiles,
  count: number,
  random: RandomStream,
  range: DamageRange = {},
): readonly ChangedByte[] {
  return apply(files, drawFlips(writtenFiles(files), count, random, range));
}

/** Cuts off the end of the log, which is written most often and comes last by its name. */
export function tearOff(files: MemoryFiles, random: RandomStream, range: DamageRange = {}): readonly ChangedByte[] {
  return apply(files, drawTear(writtenFiles(files).reverse(), random, range));
}

/** Changes back what was not written over since, in whatever files a power loss has left; how many those were. */
export function changeBack(files: MemoryFiles, changes: readonly ChangedByte[]): number {
  const paths = new Set(files.paths());
  const left = changes.filter(({ path, offset, byte }) => paths.has(path) && files.open(path).bytes[offset] === byte);
  for (const { path, offset, mask } of left) files.open(path).bytes[offset]! ^= mask;
  return left.length;
}

function apply(files: MemoryFiles, changes: readonly ChangedByte[]): readonly ChangedByte[] {
  for (const { path, offset, byte } of changes) files.open(path).bytes[offset] = byte;
  return changes;
}

function writtenFiles(files: MemoryFiles): WrittenFile[] {
  return files.paths().map((path) => ({ path, bytes: files.open(path).bytes }));
}
