import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { IoId } from "../core/types.ts";
import { encodeRecord, magic, type WalRecord } from "./wal-format.ts";
import { type Recovered, recover } from "./wal-recovery.ts";

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

/**
 * The write-ahead log, open for appending. One write and its fdatasync are under way at a time; all that arrives
 * meanwhile is the next one (group commit without a timer, §10.2.2).
 */
export class Wal {
  readonly #file: FileHandle;
  readonly #options: WalOptions;
  #position: number;
  #waiting: { io: IoId; record: WalRecord }[] = [];
  #writing: Promise<void> | null = null;
  #failed = false;

  /** Opens or creates the log, and says what it holds. Throws WalCorruption. */
  static async open(options: WalOptions): Promise<{ wal: Wal; recovered: Recovered; cutBytes: number }> {
    await makeDurableDirectory(options.dataDir);
    const path = join(options.dataDir, "wal.log");
    const file = await openOrCreate(path);
    const content = await readFile(path);
    const recovered = recover(content, path);
    await file.truncate(recovered.goodBytes);
    if (recovered.goodBytes === 0) await file.write(magic, 0, magic.length, 0);
    await file.datasync();
    const wal = new Wal(file, Math.max(recovered.goodBytes, magic.length), options);
    return { wal, recovered, cutBytes: content.length - recovered.goodBytes };
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
    const batch = this.#waiting;
    this.#waiting = [];
    const bytes = encodeRecord(batch.map(({ record }) => record));
    const { bytesWritten } = await this.#file.write(bytes, 0, bytes.length, this.#position);
    if (bytesWritten !== bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes of a record`);
    this.#position += bytes.length;
    if (this.#options.fsync) await this.#sync();
    this.#options.onDurable(batch.at(-1)?.io ?? 0);
  }

  async #sync(): Promise<void> {
    const startedAt = this.#options.nowMs();
    await this.#file.datasync();
    this.#options.onSync(this.#options.nowMs() - startedAt);
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r+");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  const file = await open(path, "wx+");
  await syncDirectory(dirname(path));
  return file;
}

/** A new file or directory survives a crash only when the directory that names it is durable too. */
async function makeDurableDirectory(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true });
  if (firstMade === undefined) return;
  for (let made = path; made.length >= firstMade.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  await directory.sync();
  await directory.close();
}
