import { join } from "node:path";
import type { Index, LogPosition, SnapshotMeta } from "../../core/types.ts";
import { type Duties, duties as healthyDuties } from "../duties.ts";
import type { Disk } from "./disk.ts";
import { Corruption, StorageError } from "./errors.ts";
import type { SnapshotTrailer } from "./snapshot-format.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { ContentWriter } from "./snapshot-writer.ts";
import type { PromiseRecord } from "./superblock.ts";

/** A snapshot while it is made. Writes come one after another; it counts only once committed. */
export interface SnapshotWriter {
  write(content: Uint8Array): Promise<void>;
  /** Waits until the snapshot is durable. From then on it is the latest one, and older ones are gone. */
  commit(): Promise<SnapshotTrailer>;
  abort(): Promise<void>;
}

/** A snapshot while it arrives from another node. */
export interface SnapshotReceiver {
  /** Bytes of content held so far, which need not be sent. */
  readonly offset: number;
  /** What is held already is passed over. Throws RangeError when bytes before `offset` are missing. */
  write(offset: number, content: Uint8Array): Promise<void>;
  /**
   * Commits what arrived, and tells which snapshot counts then: this one, or a newer one that was there before, as its place
   * stays taken. Throws SnapshotMismatch, and forgets what arrived, when it is not what was announced.
   */
  finish(): Promise<SnapshotMeta>;
  /** Stops receiving. What is held stays for a later attempt. */
  close(): Promise<void>;
}

/** What was received is not the content that was announced. Nothing was installed; it can be sent again. */
export class SnapshotMismatch extends Error {}

const finished = ".snapshot";
const unfinished = ".tmp";
const arriving = ".part";

/**
 * The snapshots of a node, in a directory of their own. There is one that counts, the latest. A file gets its name only once
 * all of it is durable, so that a crash leaves either the old snapshot or the new one (§5.1.3); what it leaves besides is
 * removed at the next start, but for a transfer under way, which goes on where it ended.
 */
export class SnapshotFiles {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #superblock: PromiseRecord;
  readonly #duties: Duties;
  #latest: SnapshotMeta | null = null;
  /**
   * A snapshot of the node's own may get done while one arrives, and both while one is opened: one after the other, so that
   * none is removed between being asked for and being open.
   */
  #turns: Promise<unknown> = Promise.resolve();

  /** Throws StorageError; Corruption when the latest snapshot is damaged, which nothing can stand in for. */
  static async open(
    disk: Disk,
    directory: string,
    superblock: PromiseRecord,
    duties: Duties = healthyDuties,
  ): Promise<SnapshotFiles> {
    await disk.makeDirectory(directory);
    const files = new SnapshotFiles(disk, directory, superblock, duties);
    await files.#recover();
    return files;
  }

  private constructor(disk: Disk, directory: string, superblock: PromiseRecord, duties: Duties) {
    this.#disk = disk;
    this.#directory = directory;
    this.#superblock = superblock;
    this.#duties = duties;
  }

  latest(): SnapshotMeta | null {
    return this.#latest;
  }

  async create(meta: SnapshotMeta): Promise<SnapshotWriter> {
    const path = this.#path(`${positionName(meta)}${unfinished}`);
    const content = await ContentWriter.create(this.#disk, path, this.#superblock.store, meta);
    return {
      write: (bytes) => content.write(bytes),
      commit: async () => {
        const trailer = await content.finish(this.#duties.syncsSnapshotFirst());
        await this.#inTurn(() => this.#takePlace(path, meta));
        return trailer;
      },
      abort: async () => {
        await content.close();
        await this.#disk.remove(path);
      },
    };
  }

  /** The latest snapshot for reading. Throws Corruption. */
  open(meta: LogPosition): Promise<SnapshotReader> {
    return this.#inTurn(() => this.#read(`${positionName(meta)}${finished}`));
  }

  /** Begins to receive a snapshot of so many bytes and this SHA-256 (hexadecimal), or goes on with it. One at a time. */
  async receive(meta: SnapshotMeta, digest: string, bytes: number): Promise<SnapshotReceiver> {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new SnapshotMismatch(`"${digest}" is not a SHA-256`);
    const name = `${positionName(meta)}-${digest}${arriving}`;
    const path = this.#path(name);
    const held = (await this.#disk.list(this.#directory)).filter((other) => other.endsWith(arriving));
    for (const other of held) if (other !== name) await this.#disk.remove(this.#path(other));
    const content = held.includes(name) ? await this.#resume(path, meta) : await this.#begin(path, meta);
    return {
      get offset() {
        return content.bytes;
      },
      write: (offset, part) => writeAt(content, offset, part),
      finish: async () => {
        const received = await content.finish(this.#duties.syncsSnapshotFirst());
        if (!this.#duties.isAsAnnounced(received, { digest, bytes })) {
          await this.#disk.remove(path);
          throw new SnapshotMismatch(
            `received ${received.bytes} bytes with SHA-256 ${received.digest}; announced were ${bytes} with ${digest}`,
          );
        }
        await this.#inTurn(() => this.#takePlace(path, meta));
        return this.#latest!;
      },
      close: () => content.close(),
    };
  }

  async #recover(): Promise<void> {
    const names = await this.#disk.list(this.#directory);
    for (const name of names) if (name.endsWith(unfinished)) await this.#disk.remove(this.#path(name));
    const newest = finishedSnapshots(names).at(-1);
    const { snapshotIndex } = this.#superblock.promised;
    if (newest === undefined) {
      if (snapshotIndex > 0) throw lostSnapshot(this.#directory, snapshotIndex);
      return;
    }
    const path = this.#path(newest);
    const reader = await this.#read(newest);
    await reader.close();
    if (reader.meta.index < snapshotIndex) throw lostSnapshot(this.#directory, snapshotIndex);
    if (newest !== `${positionName(reader.meta)}${finished}`) {
      throw new Corruption(path, 0, `it holds the snapshot of ${positionName(reader.meta)}`);
    }
    this.#latest = reader.meta;
    // Its name may be in the kernel's cache alone, if the process before ended before its sync: as in Wal.
    await this.#disk.syncDirectory(this.#directory);
    await this.#removeOlder(finished);
    await this.#removeOlder(arriving);
  }

  async #begin(path: string, meta: SnapshotMeta): Promise<ContentWriter> {
    const content = await ContentWriter.create(this.#disk, path, this.#superblock.store, meta);
    await this.#disk.syncDirectory(this.#directory);
    return content;
  }

  /** A crash may have left less than the header: then it begins anew. */
  #resume(path: string, meta: SnapshotMeta): Promise<ContentWriter> {
    return ContentWriter.resume(this.#disk, path, this.#superblock.store).catch((cause) => {
      if (cause instanceof Corruption) return this.#begin(path, meta);
      throw cause;
    });
  }

  #inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = this.#turns.then(deed);
    this.#turns = done.catch(() => undefined);
    return done;
  }

  /** Gives a durable file its name. One that was overtaken by a newer snapshot is dropped. */
  async #takePlace(path: string, meta: SnapshotMeta): Promise<void> {
    if (this.#latest !== null && this.#latest.index > meta.index) return this.#disk.remove(path);
    await this.#disk.rename(path, this.#path(`${positionName(meta)}${finished}`));
    if (this.#duties.syncsSnapshotName()) await this.#disk.syncDirectory(this.#directory);
    this.#latest = meta;
    this.#superblock.note({ snapshotIndex: meta.index });
    await this.#removeOlder(finished);
  }

  #read(name: string): Promise<SnapshotReader> {
    return SnapshotReader.open(this.#disk, this.#path(name), this.#superblock.store);
  }

  async #removeOlder(kind: string): Promise<void> {
    const latest = positionName(this.#latest!);
    for (const name of await this.#disk.list(this.#directory)) {
      if (name.endsWith(kind) && name < latest) await this.#disk.remove(this.#path(name));
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** The names of whole snapshots among those of a directory, in order. */
export function finishedSnapshots(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith(finished));
}

function lostSnapshot(directory: string, index: Index): StorageError {
  return new StorageError(
    `the snapshot of entry ${index} is missing in ${directory}, but was synced. ` +
      "The node will not start, because what it promised may be lost; " +
      "replace its disk, or give it an empty data directory under a new id",
  );
}

/** Sorts by index, then term. */
function positionName({ index, term }: LogPosition): string {
  if (!isNumberOf(16, index) || !isNumberOf(10, term)) throw new RangeError(`no position of a log: ${index}, ${term}`);
  return `${String(index).padStart(16, "0")}-${String(term).padStart(10, "0")}`;
}

/** Numbers alone get into the names of files. */
function isNumberOf(digits: number, value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && String(value).length <= digits;
}

async function writeAt(content: ContentWriter, offset: number, part: Uint8Array): Promise<void> {
  if (offset > content.bytes) throw new RangeError(`bytes ${content.bytes} to ${offset} of the snapshot are missing`);
  await content.write(part.subarray(content.bytes - offset));
}
