import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { randomStream } from "../../../random/stream.ts";
import { type ChangedByte, drawFlips, drawTear, type WrittenFile } from "../../damage/draw.ts";
import type { Damage, DamageRange } from "../../host.ts";

/** Larger ones are left alone: a file is read as a whole to find what was written into it. */
const mostBytes = 256 * 1024 * 1024;
const flips = [1, 3] as const;

/** What was done to the files of a node. */
export interface Damaged {
  readonly changes: readonly ChangedByte[];
  /** The file that became shorter, with the bytes that it lost; null: none did. */
  readonly cutOff: { readonly path: string; readonly atByte: number; readonly bytes: Buffer } | null;
  /** How many of the changed bytes read back as they were made. */
  readonly seen: number;
}

/** Damages files of the data directory, and reads back what was changed. */
export async function damageFiles(
  directory: string,
  kind: Damage,
  { seed, ...range }: DamageRange & { readonly seed: number },
): Promise<Damaged> {
  const random = randomStream(seed, kind);
  const files = await writtenFiles(directory);
  const changes =
    kind === "flip" ? drawFlips(files, random.integer(...flips), random, range) : drawTear(files, random, range);
  await changeBytes(directory, changes);
  const cutOff = kind === "torn" ? await shorten(directory, files, changes) : null;
  const lost = cutOff === null ? 0 : changes.filter(({ offset }) => offset >= cutOff.atByte).length;
  const seen = lost + (await countAsChanged(directory, cutOff === null ? changes : []));
  return { changes, cutOff, seen };
}

/** Restores what was not written over since; how many bytes that were. */
export async function restoreFiles(directory: string, { changes, cutOff }: Damaged): Promise<number> {
  if (cutOff !== null) return (await lengthen(directory, cutOff)) ? changes.length : 0;
  const left = await asChanged(directory, changes);
  const back = left.map((change) => ({ ...change, byte: change.byte ^ change.mask }));
  await changeBytes(directory, back);
  return countAsChanged(directory, back);
}

/** The latest written first. */
async function writtenFiles(directory: string): Promise<readonly WrittenFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(paths.toSorted().map((path) => readWritten(directory, path)));
  const written = read.filter((file) => file !== null);
  return written.sort((one, other) => other.modifiedMs - one.modifiedMs);
}

async function readWritten(directory: string, path: string) {
  await using file = await openFile(path, constants.O_RDONLY);
  const { size, mtimeMs } = await file.stat();
  if (size > mostBytes) return null;
  return { path: relative(directory, path), bytes: await file.readFile(), modifiedMs: mtimeMs };
}

async function changeBytes(directory: string, changes: readonly ChangedByte[]): Promise<void> {
  for (const [path, own] of Map.groupBy(changes, (change) => change.path)) {
    await using file = await openFile(join(directory, path), constants.O_RDWR);
    for (const { offset, byte } of own) await file.write(Buffer.of(byte), 0, 1, offset);
    await file.datasync();
  }
}

/** A file that ended with what was torn off ends before it now; one that was made longer ahead of need keeps its size. */
async function shorten(
  directory: string,
  files: readonly WrittenFile[],
  [first, ...others]: readonly ChangedByte[],
): Promise<Damaged["cutOff"]> {
  if (first === undefined) return null;
  const { path, bytes } = files.find((file) => file.path === first.path)!;
  if ((others.at(-1) ?? first).offset + 1 < bytes.length) return null;
  await using file = await openFile(join(directory, path), constants.O_RDWR);
  await file.truncate(first.offset);
  await file.sync();
  const { size } = await file.stat();
  return { path, atByte: size, bytes: Buffer.from(bytes.subarray(size)) };
}

async function lengthen(directory: string, { path, atByte, bytes }: NonNullable<Damaged["cutOff"]>): Promise<boolean> {
  await using file = await openFile(join(directory, path), constants.O_RDWR);
  if ((await file.stat()).size !== atByte) return false;
  await file.write(bytes, 0, bytes.length, atByte);
  await file.sync();
  return true;
}

async function countAsChanged(directory: string, changes: readonly ChangedByte[]): Promise<number> {
  return (await asChanged(directory, changes)).length;
}

/** Those whose byte is what the change made of it. A file that is gone has none. */
async function asChanged(directory: string, changes: readonly ChangedByte[]): Promise<readonly ChangedByte[]> {
  const found: ChangedByte[] = [];
  for (const [path, own] of Map.groupBy(changes, (change) => change.path)) {
    const file = await openFile(join(directory, path), constants.O_RDONLY).catch(absent);
    if (file === undefined) continue;
    await using _closed = file;
    for (const change of own) if ((await byteAt(file, change.offset)) === change.byte) found.push(change);
  }
  return found;
}

async function byteAt(file: FileHandle, offset: number): Promise<number | undefined> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, offset);
  return bytesRead === 0 ? undefined : buffer[0];
}

/** Follows no link: a data directory may hold one that leads out of it. */
function openFile(path: string, flags: number): Promise<FileHandle> {
  return open(path, flags | constants.O_NOFOLLOW);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
