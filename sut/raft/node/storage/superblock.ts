import { join } from "node:path";
import type { Clock } from "../../../../time/clock.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { Corruption, StorageError } from "./errors.ts";
import { sectorBytes } from "./segment-format.ts";
import {
  decodeOwner,
  decodeSlot,
  encodeOwner,
  encodeSlot,
  type Promised,
  type StoreId,
  slotCount,
  slotOffset,
  superblockBytes,
} from "./superblock-format.ts";
import { writeZeros } from "./zeros.ts";

export const superblockFile = "superblock";
const unfinishedSuperblock = "superblock.tmp";

/** What the log and the snapshots need of the superblock. */
export interface PromiseRecord {
  readonly store: StoreId;
  readonly promised: Promised;
  /** Notes what the disk has by now. Returns at once; the file follows in the background. */
  note(change: Partial<Promised>, options?: { readonly sync: boolean }): void;
}

export interface SuperblockOptions {
  readonly node: string;
  /** 16 hexadecimal digits that no other data directory has. */
  readonly newStoreId: () => StoreId;
  /** False when syncs do nothing: then nothing is known to be on the disk, and nothing is noted. */
  readonly fsync: boolean;
  readonly clock: Pick<Clock, "after">;
  readonly onError: (cause: Error) => void;
}

/** Between two writes: a write for each batch of a busy log would take a share of what the log itself can do. */
const pauseMs = 5;

/**
 * Says beside the log how much of it was synced, so that a log that lost its end is told from one that never had it.
 *
 * A note is written when the sync that it speaks of is over, and is itself not waited for: it costs no batch a sync, and what
 * it says is true whichever note survives a crash. Writes have pauses between them, so a process that is killed leaves a note
 * that is some milliseconds old. Notes about a new term, vote or segment are synced, in the background; a loss of power may
 * take along those since.
 */
export class Superblock implements PromiseRecord {
  readonly store: StoreId;
  readonly #file: DiskFile;
  readonly #options: SuperblockOptions;
  #promised: Promised;
  #count: number;
  #isWritten = true;
  #syncIsDue = false;
  #writing: Promise<void> | null = null;
  #failed = false;

  /**
   * Opens the superblock of a data directory, or makes it where there is neither a log nor a snapshot. Throws StorageError:
   * Corruption when it is damaged, and when it is missing or another node's.
   */
  static async open(disk: Disk, dataDir: string, holdsData: boolean, options: SuperblockOptions): Promise<Superblock> {
    const path = join(dataDir, superblockFile);
    if (!(await disk.list(dataDir)).includes(superblockFile)) {
      if (holdsData) throw missing(path);
      await create(disk, dataDir, options);
    }
    const file = await disk.open(path, "existing");
    try {
      const { owner, count, promised } = await read(file, path);
      if (owner.node !== options.node) throw foreign(dataDir, owner.node, options.node);
      return new Superblock(file, owner.store, { count, promised }, options);
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  private constructor(
    file: DiskFile,
    store: StoreId,
    { count, promised }: { readonly count: number; readonly promised: Promised },
    options: SuperblockOptions,
  ) {
    this.#file = file;
    this.store = store;
    this.#count = count;
    this.#promised = promised;
    this.#options = options;
  }

  get promised(): Promised {
    return this.#promised;
  }

  note(change: Partial<Promised>, { sync } = { sync: false }): void {
    if (!this.#options.fsync) return;
    this.#promised = { ...this.#promised, ...change };
    this.#isWritten = false;
    this.#syncIsDue ||= sync;
    this.#writing ??= this.#writeAll();
  }

  /** Waits until everything noted is durable, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    if (!this.#failed && this.#options.fsync) await this.#file.sync();
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    try {
      while (!this.#isWritten) {
        await this.#write();
        await new Promise<void>((resolve) => this.#options.clock.after(pauseMs, resolve));
      }
    } catch (cause) {
      // Notes nothing any more: the node stops.
      this.#failed = true;
      this.#options.onError(cause as Error);
      return;
    }
    this.#writing = null;
  }

  async #write(): Promise<void> {
    const sync = this.#syncIsDue;
    this.#syncIsDue = false;
    this.#isWritten = true;
    this.#count++;
    await this.#file.write(encodeSlot(this.#count, this.#promised), slotOffset(this.#count % slotCount));
    if (sync) await this.#file.sync();
  }
}

async function create(disk: Disk, dataDir: string, { node, newStoreId }: SuperblockOptions): Promise<void> {
  const unfinished = join(dataDir, unfinishedSuperblock);
  const file = await disk.open(unfinished, "create");
  try {
    await file.write(encodeOwner({ store: newStoreId(), node }), 0);
    const nothing: Promised = { synced: null, snapshotIndex: 0 };
    await writeZeros(file, sectorBytes, superblockBytes);
    for (let slot = 0; slot < slotCount; slot++) await file.write(encodeSlot(slot, nothing), slotOffset(slot));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(unfinished, join(dataDir, superblockFile));
  await disk.syncDirectory(dataDir);
}

async function read(file: DiskFile, path: string) {
  const fileBytes = await file.bytes();
  if (fileBytes !== superblockBytes) {
    const offset = Math.min(fileBytes, superblockBytes);
    throw new Corruption(path, offset, `it has ${fileBytes} bytes; expected ${superblockBytes}`);
  }
  const owner = decodeOwner(await file.read(0, sectorBytes));
  if (owner === null) throw new Corruption(path, 0, "it does not begin like a superblock of this format");
  const slots = await Promise.all(
    Array.from({ length: slotCount }, async (_, slot) => decodeSlot(await file.read(slotOffset(slot), sectorBytes))),
  );
  const newest = slots.reduce((one, other) => ((other?.count ?? -1) > (one?.count ?? -1) ? other : one));
  if (newest === null) throw new Corruption(path, slotOffset(0), "neither of its slots has a valid checksum");
  return { owner, ...newest };
}

function missing(path: string): StorageError {
  return new StorageError(
    `${path} is missing, but the directory holds a log or snapshots: the file was lost, or an older version wrote them. ` +
      "The node will not start, because nothing says what it promised; give it an empty data directory under a new id",
  );
}

function foreign(dataDir: string, owner: string, node: string): StorageError {
  return new StorageError(
    `${dataDir} is the data directory of node ${owner}, and this is ${node}. ` +
      `Start ${owner} with it, or give ${node} its own`,
  );
}
