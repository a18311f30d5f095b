import { constants, type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { IoId } from "../core/types.ts";
import { ChunkedReader } from "./chunked-reader.ts";
import { encodeRecord, magic, type WalRecord } from "./wal-format.ts";
import { type Recovered, recover, StorageError } from "./wal-recovery.ts";

export interface WalOptions {
  readonly dataDir: string;
  /** False: writes are not waited for to reach the disk. */
  readonly fsync: boolean;
  /** All writes up to this one are durable. */
  readonly onDurable: (io: IoId) => void;
  /** The disk failed. What is on it is unknown from here on, so the node must stop. */
  readonly onError: (cause: Error) => void;
  readonly onSync: (durationMs: number) => void;
  readonly nowMs: () => number;
}

const maxBatchBytes = 4 * 1024 * 1024;

/**
 * The write-ahead log, open for appending. One write and its fdatasync are under way at a time; all that arrives
 * meanwhile is the next one (group commit without a timer, §10.2.2).
 *
 * The log is never compacted: there are no snapshots, so the file grows with every write, a restart replays all of it, and
 * the node holds every entry in memory. How much a node can take in its life is bounded by its heap and its disk; a node
 * that runs out of heap dies without an exit code of its own.
 */
export class Wal {
  readonly #file: FileHandle;
  readonly #options: WalOptions;
  #position: number;
  readonly #waiting: { io: IoId; record: WalRecord }[] = [];
  #writing: Promise<void> | null = null;
  #failed = false;

  /** Opens or creates the log, and says what it holds. Throws StorageError: WalCorruption, or what the disk refused. */
  static async open(options: WalOptions): Promise<{ wal: Wal; recovered: Recovered; cutBytes: number }> {
    const path = join(resolve(options.dataDir), "wal.log");
    try {
      const file = await openDurably(path);
      return await Wal.#recover(file, path, options).catch(async (cause) => {
        await file.close();
        throw cause;
      });
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`the log ${path} cannot be opened: ${(cause as Error).message}`, { cause });
    }
  }

  static async #recover(file: FileHandle, path: string, options: WalOptions) {
    const { size } = await file.stat();
    const reader = new ChunkedReader({ bytes: size, read: (offset, length) => readExactly(file, offset, length) });
    const recovered = await recover(reader, path);
    await file.truncate(recovered.goodBytes);
    if (recovered.goodBytes === 0) await file.write(magic, 0, magic.length, 0);
    await file.datasync();
    const wal = new Wal(file, Math.max(recovered.goodBytes, magic.length), options);
    return { wal, recovered, cutBytes: size - recovered.goodBytes };
  }

  private constructor(file: FileHandle, position: number, options: WalOptions) {
    this.#file = file;
    this.#position = position;
    this.#options = options;
  }

  /** Hands a record over; `onDurable` names it when it is safe. */
  append(io: IoId, record: WalRecord): void {
    this.#waiting.push({ io, record });
    this.#writing ??= this.#writeAll();
  }

  /** Waits for the writes under way, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !this.#failed) await this.#writeBatch();
    } catch (cause) {
      this.#failed = true;
      this.#options.onError(cause as Error);
    }
    this.#writing = null;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    const bytes = encodeRecord(batch.map(({ record }) => record));
    const { bytesWritten } = await this.#file.write(bytes, 0, bytes.length, this.#position);
    if (bytesWritten !== bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes of a record`);
    this.#position += bytes.length;
    if (this.#options.fsync) await this.#sync();
    this.#options.onDurable(batch.at(-1)?.io ?? 0);
  }

  /** The oldest records, as many as one write should carry: one that is too large keeps the node from all else. */
  #takeBatch(): { io: IoId; record: WalRecord }[] {
    let bytes = 0;
    const tooMany = this.#waiting.findIndex(({ record }, place) => {
      for (const entry of record.append ?? []) bytes += entry.bytes;
      return place > 0 && bytes > maxBatchBytes;
    });
    return this.#waiting.splice(0, tooMany === -1 ? this.#waiting.length : tooMany);
  }

  async #sync(): Promise<void> {
    const startedAt = this.#options.nowMs();
    await this.#file.datasync();
    this.#options.onSync(this.#options.nowMs() - startedAt);
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

/**
 * Opens or creates the file. A new file or directory survives a crash only when the directory that names it is durable
 * too; it may have been made by a process that died before it could see to that, so this does not ask who made it.
 */
async function openDurably(path: string): Promise<FileHandle> {
  const directory = dirname(path);
  const firstMade = (await mkdir(directory, { recursive: true })) ?? directory;
  const file = await open(path, constants.O_RDWR | constants.O_CREAT);
  const top = dirname(firstMade);
  for (let at = directory; ; at = dirname(at)) {
    await syncDirectory(at);
    if (at === top || at === dirname(at)) return file;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
