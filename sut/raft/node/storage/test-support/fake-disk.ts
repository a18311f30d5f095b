import { basename, dirname } from "node:path";
import type { Disk, DiskFile } from "../disk.ts";
import { storageError } from "../errors.ts";
import { sectorBytes } from "../segment-format.ts";

interface Content {
  /** What a read gives. */
  bytes: Buffer;
  /** What is certain to survive a crash. */
  durable: Buffer;
}

type Names = Map<string, Content>;
type Change = (names: Names) => void;

/**
 * A file system in memory that loses what a real one may lose in a crash: each sector of a file that was not synced is old
 * or new by itself, and so is each change of a directory that was not. It can fill up, and fail at any deed.
 */
export class FakeDisk implements Disk {
  readonly #names: Names = new Map();
  readonly #durableNames: Names = new Map();
  readonly #unsynced: { readonly directory: string; readonly change: Change }[] = [];
  /** Room for files, in bytes. */
  room = Number.POSITIVE_INFINITY;
  /** Deeds that change something, until one fails. */
  deedsLeft = Number.POSITIVE_INFINITY;
  /** What fails it, and every deed after it. */
  failure: NodeJS.ErrnoException = Object.assign(new Error("EIO: i/o error"), { code: "EIO" });

  async makeDirectory(): Promise<void> {}

  async list(directory: string): Promise<string[]> {
    return [...this.#names.keys()].flatMap((path) => (dirname(path) === directory ? [basename(path)] : [])).sort();
  }

  async open(path: string, mode: "create" | "existing"): Promise<DiskFile> {
    if (mode === "create") {
      const content = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
      this.#change(path, "opened", (names) => names.set(path, content));
    }
    const content = this.#names.get(path);
    if (content === undefined)
      throw storageError(path, "opened", 0, Object.assign(new Error("ENOENT"), { code: "ENOENT" }));
    return this.#file(path, content);
  }

  async rename(from: string, to: string): Promise<void> {
    const content = this.#names.get(from)!;
    this.#change(to, "renamed", (names) => {
      names.delete(from);
      names.set(to, content);
    });
  }

  async remove(path: string): Promise<void> {
    if (!this.#names.has(path)) throw storageError(path, "removed", 0, new Error("ENOENT"));
    this.#change(path, "removed", (names) => names.delete(path));
  }

  async syncDirectory(path: string): Promise<void> {
    this.#count(path, "synced");
    for (const { directory, change } of this.#unsynced) if (directory === path) change(this.#durableNames);
    const others = this.#unsynced.filter(({ directory }) => directory !== path);
    this.#unsynced.splice(0, this.#unsynced.length, ...others);
  }

  /** What a crash may leave; `survives` is asked of everything that was not synced. */
  crash(survives: () => boolean): FakeDisk {
    const names = new Map(this.#durableNames);
    for (const { change } of this.#unsynced) if (survives()) change(names);
    const after = new FakeDisk();
    for (const [path, { bytes, durable }] of names) after.put(path, torn(durable, bytes, survives));
    return after;
  }

  /** Another disk with the same on it. */
  copy(): FakeDisk {
    const copy = new FakeDisk();
    for (const [path, { bytes }] of this.#names) copy.put(path, Buffer.from(bytes));
    return copy;
  }

  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  get(path: string): Buffer {
    return this.#names.get(path)!.bytes;
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Buffer): void {
    const content = { bytes, durable: Buffer.from(bytes) };
    this.#names.set(path, content);
    this.#durableNames.set(path, content);
  }

  delete(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
  }

  #file(path: string, content: Content): DiskFile {
    return {
      bytes: async () => content.bytes.length,
      read: async (offset, length) => Buffer.from(content.bytes.subarray(offset, offset + length)),
      write: async (bytes, offset) => this.#write(path, content, bytes, offset),
      sync: async () => {
        this.#count(path, "synced");
        content.durable = Buffer.from(content.bytes);
      },
      close: async () => undefined,
    };
  }

  #write(path: string, content: Content, bytes: Uint8Array, offset: number): void {
    this.#count(path, "written");
    const added = Math.max(0, offset + bytes.length - content.bytes.length);
    const fits = Math.min(added, this.room - this.#used());
    if (added > 0) content.bytes = Buffer.concat([content.bytes, Buffer.alloc(fits)]);
    content.bytes.set(bytes.subarray(0, bytes.length - added + fits), offset);
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    if (fits < added) throw storageError(path, "written", bytes.length, full);
  }

  #used(): number {
    return [...this.#names.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  #change(path: string, deed: string, change: Change): void {
    this.#count(path, deed);
    change(this.#names);
    this.#unsynced.push({ directory: dirname(path), change });
  }

  #count(path: string, deed: string): void {
    if (this.deedsLeft-- <= 0) throw storageError(path, deed, 0, this.failure);
  }
}

function torn(durable: Buffer, written: Buffer, survives: () => boolean): Buffer {
  const left = Buffer.alloc(survives() ? written.length : durable.length);
  durable.copy(left);
  for (let at = 0; at < left.length; at += sectorBytes) {
    const sector = written.subarray(at, at + sectorBytes);
    if (!sector.equals(left.subarray(at, at + sectorBytes)) && survives()) sector.copy(left, at);
  }
  return left;
}
