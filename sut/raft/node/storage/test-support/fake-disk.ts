import type { Survives } from "../../../simulator/disk/memory-file.ts";
import { MemoryFiles } from "../../../simulator/disk/memory-files.ts";
import type { Disk, DiskFile } from "../disk.ts";
import { storageError } from "../errors.ts";

/** A disk in memory that takes no time, loses in a crash what a real one may lose, and can fail at any deed. */
export class FakeDisk implements Disk {
  readonly #files: MemoryFiles;
  /** Deeds that change something, until one fails. */
  deedsLeft = Number.POSITIVE_INFINITY;
  /** What fails it, and every deed after it. */
  failure: NodeJS.ErrnoException = Object.assign(new Error("EIO: i/o error"), { code: "EIO" });

  constructor(files = new MemoryFiles()) {
    this.#files = files;
  }

  /** Room for files, in bytes. */
  set room(bytes: number) {
    this.#files.room = bytes;
  }

  async makeDirectory(): Promise<void> {}

  async list(directory: string): Promise<string[]> {
    return this.#files.list(directory);
  }

  async open(path: string, mode: "create" | "existing"): Promise<DiskFile> {
    if (mode === "create") this.#count(path, "opened");
    const file = mode === "create" ? this.#files.create(path) : this.#files.open(path);
    return {
      bytes: async () => file.length,
      read: async (offset, length) => Buffer.from(file.bytes.subarray(offset, offset + length)),
      write: async (bytes, offset) => {
        this.#count(path, "written");
        this.#files.write(path, file, bytes, offset);
      },
      sync: async () => {
        this.#count(path, "synced");
        file.sync();
      },
      close: async () => undefined,
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.#count(to, "renamed");
    this.#files.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    this.#count(path, "removed");
    this.#files.remove(path);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#count(path, "synced");
    this.#files.syncDirectory(path);
  }

  /** What a crash may leave; `survives` is asked of everything that was not synced. */
  crash(survives: Survives): FakeDisk {
    return new FakeDisk(this.#files.afterCrash(survives));
  }

  /** Another disk with the same on it. */
  copy(): FakeDisk {
    const copy = new FakeDisk();
    for (const path of this.#files.paths()) copy.put(path, Buffer.from(this.#files.open(path).bytes));
    return copy;
  }

  paths(): string[] {
    return this.#files.paths();
  }

  get(path: string): Buffer {
    return this.#files.open(path).bytes;
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Buffer): void {
    this.#files.put(path, Buffer.from(bytes));
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  #count(path: string, deed: string): void {
    if (this.deedsLeft-- <= 0) throw storageError(path, deed, 0, this.failure);
  }
}
