import { open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { crc32 } from "node:zlib";

const blockBytes = 4096;

/** The blocks of each file, by the file's path: a checksum each, and null for one that was never written. */
export type Fingerprint = ReadonlyMap<string, File>;

interface File {
  readonly size: number;
  readonly blocks: readonly (number | null)[];
}

/** What the files have that a loss of power took. */
export interface Loss {
  /** Of blocks whose content is older now or gone. */
  readonly bytes: number;
  /** Files with such blocks, or of another size. */
  readonly files: number;
  /** Those that are not there at all. */
  readonly gone: number;
}

/** Reads every file of a directory. */
export async function fingerprint(directory: string): Promise<Fingerprint> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, File>();
  for (const path of paths.toSorted()) files.set(relative(directory, path), await fileOf(path));
  return files;
}

/** What is in the first and no longer in the second. */
export function lossBetween(before: Fingerprint, after: Fingerprint): Loss {
  let [bytes, files, gone] = [0, 0, 0];
  for (const [path, file] of before) {
    const left = after.get(path);
    const lost = file.blocks.filter((sum, place) => sum !== null && sum !== (left?.blocks[place] ?? null)).length;
    bytes += lost * blockBytes;
    if (left === undefined) gone++;
    if (lost > 0 || left?.size !== file.size) files++;
  }
  return { bytes, files, gone };
}

async function fileOf(path: string): Promise<File> {
  await using file = await open(path, "r");
  const blocks: (number | null)[] = [];
  let size = 0;
  for await (const chunk of file.createReadStream({ highWaterMark: 256 * blockBytes }) as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; at += blockBytes) blocks.push(sumOf(chunk.subarray(at, at + blockBytes)));
    size += chunk.length;
  }
  return { size, blocks };
}

const zeros = Buffer.alloc(blockBytes);

function sumOf(block: Buffer): number | null {
  return block.equals(zeros.subarray(0, block.length)) ? null : crc32(block);
}
