import type { Disk, DiskFile } from "../../node/storage/disk.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** How long deeds take, and how they fail; what they do is the same on every disk in memory. */
export interface DiskTiming {
  run<T>(deed: () => T): Promise<T>;
  read<T>(deed: () => T): Promise<T>;
  write(path: string, file: MemoryFile, bytes: Uint8Array, offset: number): void;
  sync(path: string, deed: () => void): Promise<void>;
  /** A file has got another name, or is gone. */
  reshaped(): void;
}

/** Files in memory as a node's storage sees them. */
export function diskOver(files: MemoryFiles, timing: DiskTiming): Disk {
  const { run, sync } = timing;
  const reshape = (deed: () => void) =>
    run(() => {
      deed();
      timing.reshaped();
    });
  const opened = (path: string, file: MemoryFile): DiskFile => ({
    bytes: () => run(() => file.length),
    read: (offset, length) => timing.read(() => Buffer.from(file.bytes.subarray(offset, offset + length))),
    write: (bytes, offset) => run(() => timing.write(path, file, bytes, offset)),
    sync: () => sync(path, () => file.sync()),
    close: () => run(() => undefined),
  });
  return {
    makeDirectory: () => run(() => undefined),
    list: (directory) => run(() => files.list(directory)),
    open: (path, mode) => run(() => opened(path, mode === "create" ? files.create(path) : files.open(path))),
    rename: (from, to) => reshape(() => files.rename(from, to)),
    remove: (path) => reshape(() => files.remove(path)),
    syncDirectory: (path) => sync(path, () => files.syncDirectory(path)),
  };
}

/** The same where everything is done at once, and nothing fails. */
export function instantDisk(files: MemoryFiles): Disk {
  const run = async <T>(deed: () => T): Promise<T> => deed();
  return diskOver(files, {
    run,
    read: run,
    write: (path, file, bytes, offset) => files.write(path, file, bytes, offset),
    sync: (_path, deed) => run(deed),
    reshaped: () => undefined,
  });
}
