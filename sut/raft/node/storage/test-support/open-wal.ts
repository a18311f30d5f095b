import type { Entry, IoId, LogPosition } from "../../../core/types.ts";
import type { DiskFull } from "../errors.ts";
import { type RecoveredLog, Wal } from "../wal.ts";
import type { WalRecord } from "../wal-format.ts";
import type { FakeDisk } from "./fake-disk.ts";
import { noPromises } from "./no-promises.ts";

export const directory = "/data/wal";
export const noSnapshot: LogPosition = { index: 0, term: 0 };

/** A log on a fake disk, with what it told. */
export class OpenWal {
  readonly wal: Wal;
  readonly recovered: RecoveredLog;
  /** Writes named as durable, in order. */
  readonly durable: IoId[];
  readonly errors: Error[];
  readonly lowSpace: DiskFull[];
  #lastIo = 0;

  static async open(
    disk: FakeDisk,
    segmentBytes = 4096,
    snapshot = noSnapshot,
    superblock = noPromises,
  ): Promise<OpenWal> {
    const told = { durable: [] as IoId[], errors: [] as Error[], lowSpace: [] as DiskFull[] };
    const { wal, recovered } = await Wal.open(
      {
        disk,
        directory,
        segmentBytes,
        onDurable: (io) => told.durable.push(io),
        onError: (cause) => told.errors.push(cause),
        onLowSpace: (cause) => told.lowSpace.push(cause),
        onSync: () => undefined,
        nowMs: () => 0,
        superblock,
      },
      snapshot,
    );
    return new OpenWal(wal, recovered, told);
  }

  private constructor(wal: Wal, recovered: RecoveredLog, told: Pick<OpenWal, "durable" | "errors" | "lowSpace">) {
    this.wal = wal;
    this.recovered = recovered;
    this.durable = told.durable;
    this.errors = told.errors;
    this.lowSpace = told.lowSpace;
  }

  /** Writes records that arrive together, and waits for the disk. Whether all became durable. */
  async write(...records: readonly WalRecord[]): Promise<boolean> {
    for (const record of records) this.wal.append(++this.#lastIo, record);
    while (this.durable.at(-1) !== this.#lastIo && this.errors.length === 0) await settled();
    return this.durable.at(-1) === this.#lastIo;
  }
}

/** Lets everything happen that waits for a fake disk. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A command of so many bytes, which the index and the term make its own. */
export function entryAt(index: number, term: number, bytes = 9): Entry {
  const command = Uint8Array.from({ length: bytes }, (_, at) => (at * 7 + index * 31 + term) & 0xff);
  return { index, term, kind: "command", command, bytes };
}

/** Positions as `index@term`. */
export function positions(entries: readonly LogPosition[]): string {
  return entries.map(({ index, term }) => `${index}@${term}`).join(" ");
}
