import { basename, dirname } from "node:path";
import { storageError } from "../../node/storage/errors.ts";
import { MemoryFile, type Survives } from "./memory-file.ts";

type Names = Map<string, MemoryFile>;
type Change = (names: Names) => void;

/**
 * A file system in memory that loses what a real one may lose in a crash: sectors of files, and changes of directories, that
 * were not synced. Throws StorageError, as a node's disk does.
 */
export class MemoryFiles {
  readonly #names: Names = new Map();
  readonly #durableNames: Names = new Map();
  readonly #unsynced: { readonly directory: string; readonly change: Change }[] = [];
  /** Room for files, in bytes. */
  room = Number.POSITIVE_INFINITY;

  list(directory: string): string[] {
    return [...this.#names.keys()].flatMap((path) => (dirname(path) === directory ? [basename(path)] : [])).sort();
  }

  create(path: string): MemoryFile {
    const file = new MemoryFile();
    this.#change(path, (names) => names.set(path, file));
    return file;
  }

  open(path: string): MemoryFile {
    return this.#existing(path, "opened");
  }

  rename(from: string, to: string): void {
    const file = this.#existing(from, "renamed");
    this.#change(to, (names) => {
      names.delete(from);
      names.set(to, file);
    });
  }

  remove(path: string): void {
    if (!this.#names.has(path)) return;
    this.#change(path, (names) => names.delete(path));
  }

  syncDirectory(path: string): void {
    for (const { directory, change } of this.#unsynced) if (directory === path) change(this.#durableNames);
    const others = this.#unsynced.filter(({ directory }) => directory !== path);
    this.#unsynced.splice(0, this.#unsynced.length, ...others);
  }

  /** No file can grow from now on, unless another one goes. */
  fillUp(): void {
    this.room = this.#used();
  }

  /** A disk that fills up takes what fits, and then says so. */
  write(path: string, file: MemoryFile, bytes: Uint8Array, offset: number): void {
    const added = Math.max(0, offset + bytes.length - file.length);
    const fits = added === 0 ? 0 : Math.max(0, Math.min(added, this.room - this.#used()));
    if (fits === added) {
      file.write(bytes, offset);
      return;
    }
    file.write(bytes.subarray(0, bytes.length - added + fits), offset);
    throw storageError(path, "written", bytes.length, noSpace());
  }

  /** What a crash may leave. */
  afterCrash(survives: Survives): MemoryFiles {
    const names = new Map(this.#durableNames);
    for (const { change } of this.#unsynced) if (survives()) change(names);
    const after = new MemoryFiles();
    for (const [path, file] of names) after.#keep(path, file.afterCrash(survives));
    after.room = this.room;
    return after;
  }

  /** What the end of a process leaves: everything that it wrote, synced or not. */
  copy(): MemoryFiles {
    return this.afterCrash(() => true);
  }

  /** Bytes of files that were written and not synced, and changes of directories that were not. */
  unsynced(): { readonly bytes: number; readonly changes: number } {
    const files = new Set(this.#names.values());
    return {
      bytes: [...files].reduce((sum, { unsyncedBytes }) => sum + unsyncedBytes, 0),
      changes: this.#unsynced.length,
    };
  }

  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Buffer): void {
    this.#keep(path, new MemoryFile(bytes));
  }

  delete(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
  }

  #keep(path: string, file: MemoryFile): void {
    this.#names.set(path, file);
    this.#durableNames.set(path, file);
  }

  #existing(path: string, deed: string): MemoryFile {
    const file = this.#names.get(path);
    if (file !== undefined) return file;
    throw storageError(path, deed, 0, Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT" }));
  }

  #used(): number {
    return [...this.#names.values()].reduce((sum, { length }) => sum + length, 0);
  }

  #change(path: string, change: Change): void {
    change(this.#names);
    this.#unsynced.push({ directory: dirname(path), change });
  }
}

/** What a full disk says. */
export function noSpace(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
}
