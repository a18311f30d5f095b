import { constants, type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Disk, DiskFile } from "./disk.ts";
import { storageError } from "./errors.ts";

const openFlags = {
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  existing: constants.O_RDWR,
} as const;

/** The file system of this machine. With `fsync: false` nothing is waited for to reach the disk. */
export function localDisk({ fsync }: { readonly fsync: boolean }): Disk {
  const syncDirectory = (path: string) => (fsync ? syncOf(path) : Promise.resolve());
  return {
    makeDirectory: (path) => told(path, "made", 0, makeDurably(path, syncDirectory)),
    list: async (path) => (await told(path, "listed", 0, readdir(path))).sort(),
    open: async (path, mode) => localFile(path, await told(path, "opened", 0, open(path, openFlags[mode])), fsync),
    rename: (from, to) => told(from, "renamed", 0, rename(from, to)),
    remove: (path) => told(path, "removed", 0, rm(path, { force: true })),
    syncDirectory: (path) => told(path, "synced", 0, syncDirectory(path)),
  };
}

function localFile(path: string, file: FileHandle, fsync: boolean): DiskFile {
  return {
    bytes: async () => (await told(path, "inspected", 0, file.stat())).size,
    read: (offset, length) => told(path, "read", 0, readExactly(file, offset, length)),
    write: (bytes, offset) => told(path, "written", bytes.length, writeAll(file, bytes, offset)),
    sync: () => (fsync ? told(path, "synced", 0, file.datasync()) : Promise.resolve()),
    close: () => told(path, "closed", 0, file.close()),
  };
}

async function told<T>(path: string, action: string, wantedBytes: number, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw storageError(path, action, wantedBytes, cause);
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`it ends at byte ${offset + done}, but was ${offset + length} bytes long`);
    done += bytesRead;
  }
  return buffer;
}

/** A nearly full disk takes a part first, and says only at the next attempt that it is full. */
async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    if (bytesWritten === 0) throw new Error(`it took ${done} of ${bytes.length} bytes`);
    done += bytesWritten;
  }
}

/**
 * A new directory survives a crash only when the one that names it is durable too; it may have been made by a process that
 * died before it could see to that, so this does not ask who made it.
 */
async function makeDurably(path: string, sync: (path: string) => Promise<void>): Promise<void> {
  const directory = resolve(path);
  const firstMade = (await mkdir(directory, { recursive: true })) ?? directory;
  const top = dirname(firstMade);
  for (let at = directory; ; at = dirname(at)) {
    await sync(at);
    if (at === top || at === dirname(at)) return;
  }
}

async function syncOf(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
