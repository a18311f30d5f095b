import { join } from "node:path";
import type { Entry, HardState, Index, IoId, LogPosition } from "../../core/types.ts";
import { type Duties, duties as healthyDuties } from "../duties.ts";
import type { Disk } from "./disk.ts";
import { DiskFull } from "./errors.ts";
import { firstChain, recordStart } from "./segment-format.ts";
import { type SegmentName, unfinishedSegment } from "./segment-name.ts";
import type { PromiseRecord } from "./superblock.ts";
import { TermRuns } from "./term-runs.ts";
import { encodeBody, type WalRecord } from "./wal-format.ts";
import { type RecoveredWal, recoverWal } from "./wal-recovery.ts";
import { type PreparedFile, prepareSegment, Segment, type SegmentOpening } from "./wal-segment.ts";
import { writeZeros } from "./zeros.ts";

export interface WalOptions {
  readonly disk: Disk;
  readonly directory: string;
  /** Size that segments are made with. One for a single larger record is made as large as it needs. */
  readonly segmentBytes: number;
  /** All writes up to this one are durable. */
  readonly onDurable: (io: IoId) => void;
  /** The disk failed. What is on it is unknown from here on, so the node must stop. */
  readonly onError: (cause: Error) => void;
  /** There is no room for the next segment. The node goes on until the present one is full. */
  readonly onLowSpace: (cause: DiskFull) => void;
  readonly onSync: (durationMs: number) => void;
  readonly nowMs: () => number;
  readonly duties?: Duties;
  readonly superblock: PromiseRecord;
}

export interface RecoveredLog {
  readonly hard: HardState;
  /** The log behind the snapshot. */
  readonly entries: readonly Entry[];
  readonly records: number;
  /** Bytes of a torn write that were cut off: nobody was promised what was in them. */
  readonly cutBytes: number;
}

const maxBatchBytes = 4 * 1024 * 1024;

/**
 * The write-ahead log, open for appending: segments of a fixed size, of which the last is written to. One write and its
 * fdatasync are under way at a time; all that arrives meanwhile is the next one (group commit without a timer, §10.2.2).
 * The next segment is made while the present one fills up.
 *
 * After a failed write or sync there is no other: the kernel may have dropped what it could not write, so that a second
 * sync would succeed without it.
 */
export class Wal {
  readonly #options: WalOptions;
  readonly #duties: Duties;
  #segment: Segment;
  /** Segments before the present one, oldest first. */
  readonly #full: Pick<SegmentName, "name" | "firstIndex">[];
  #next: Promise<PreparedFile | null> | null = null;
  #hard: HardState;
  #terms: TermRuns;
  readonly #waiting: { io: IoId; record: WalRecord }[] = [];
  #writing: Promise<void> | null = null;
  #compacting: Promise<void> = Promise.resolve();
  #failed = false;

  /**
   * Opens or creates the log behind a snapshot ({ index: 0, term: 0 } without one), and says what it holds. Throws
   * StorageError: Corruption, or what the disk refused.
   */
  static async open(options: WalOptions, snapshot: LogPosition): Promise<{ wal: Wal; recovered: RecoveredLog }> {
    const { disk, directory, superblock } = options;
    await disk.makeDirectory(directory);
    if ((await disk.list(directory)).includes(unfinishedSegment)) await disk.remove(join(directory, unfinishedSegment));
    const found = await recoverWal(disk, directory, superblock, snapshot, options.duties);
    const wal = found === null ? await Wal.#create(options) : await Wal.#continue(options, found, snapshot);
    return { wal, recovered: toLog(found) };
  }

  static async #create(options: WalOptions): Promise<Wal> {
    const { disk, directory, segmentBytes, superblock, duties = healthyDuties } = options;
    const { store } = superblock;
    const nothing = { hard: { term: 0, votedFor: null }, base: { index: 0, term: 0 } };
    const opening = { store, sequence: 1, chain: firstChain(store), ...nothing };
    const file = await prepareSegment(disk, directory, segmentBytes);
    const wal = new Wal(options, await Segment.begin({ disk, directory, duties }, file, opening, 0), opening, []);
    wal.#noteSynced({ sync: true });
    return wal;
  }

  static async #continue(options: WalOptions, found: RecoveredWal, snapshot: LogPosition): Promise<Wal> {
    const { disk, directory, duties = healthyDuties } = options;
    const { hard, entries, segments, superfluous, end } = found;
    for (const { name } of superfluous) await disk.remove(join(directory, name));
    const last = segments.at(-1)!;
    const file = await disk.open(join(directory, last.name), "existing");
    // Remains of a torn write must not stand behind the next record, where they would pass for damage.
    if (duties.clearsTornTail()) await writeZeros(file, end.end.offset, end.zerosFrom);
    // What is found here is counted on, and may be in the kernel's cache alone: the process before may have ended before
    // its sync. Without one now, a power failure would take along what others are told of next.
    if (duties.syncsFoundLog()) {
      await file.sync();
      await disk.syncDirectory(directory);
    }
    const segment = new Segment(last.name, last.firstIndex, { file, bytes: await file.bytes() }, end.end);
    const wal = new Wal(options, segment, { hard, base: snapshot }, segments.slice(0, -1));
    wal.#noteSynced({ sync: false });
    wal.#terms.append(entries ?? []);
    if (entries === null) await wal.#roll(snapshot, 0);
    return wal;
  }

  private constructor(
    options: WalOptions,
    segment: Segment,
    { hard, base }: { readonly hard: HardState; readonly base: LogPosition },
    full: readonly SegmentName[],
  ) {
    this.#options = options;
    this.#duties = options.duties ?? healthyDuties;
    this.#segment = segment;
    this.#hard = hard;
    this.#terms = new TermRuns(base);
    this.#full = [...full];
  }

  /** What the log takes on the disk, but for a segment that is made ready for later. Segments are made in full size. */
  get bytes(): number {
    return (this.#full.length + 1) * this.#options.segmentBytes;
  }

  /** Hands a record over; `onDurable` names it when it is safe. */
  append(io: IoId, record: WalRecord): void {
    this.#waiting.push({ io, record });
    this.#writing ??= this.#writeAll();
  }

  /**
   * Removes the segments whose entries all lie at or below this index. The caller has them in a durable snapshot. What a
   * removed segment says of term and vote is said again at the beginning of the next (§3.8).
   */
  compact(throughIndex: Index): Promise<void> {
    this.#compacting = this.#compacting
      .then(() => this.#removeThrough(throughIndex))
      .catch((cause) => this.#fail(cause));
    return this.#compacting;
  }

  /** Waits for the writes under way, and closes the files. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#compacting;
    await this.#segment.close();
    const next = await this.#next;
    if (next === null) return;
    await next.file.close();
    await this.#options.disk.remove(join(this.#options.directory, unfinishedSegment));
  }

  async #writeAll(): Promise<void> {
    // What this turn of the event loop still brings belongs to the same write, and its messages leave first.
    await null;
    try {
      while (this.#waiting.length > 0 && !this.#failed) await this.#writeBatch();
    } catch (cause) {
      this.#fail(cause as Error);
    }
    this.#writing = null;
  }

  #fail(cause: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError(cause);
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    const records = batch.map(({ record }) => record);
    const base = records[0]!.base;
    const body = encodeBody(records);
    if (base !== undefined) await this.#roll(base, body.length);
    else if (!this.#segment.fits(body)) await this.#roll(this.#terms.last, body.length);
    await this.#segment.append(body);
    await this.#sync({ newHardState: records.some(({ hard }) => hard !== undefined) });
    for (const record of records) this.#note(record);
    this.#options.onDurable(batch.at(-1)!.io);
    if (this.#segment.isHalfFull) this.#next ??= this.#prepareNext();
  }

  /**
   * The oldest records, as many as one write should carry: one that is too large keeps the node from all else. A record with
   * which the log restarts comes first in its write, because a segment begins with it.
   */
  #takeBatch(): { io: IoId; record: WalRecord }[] {
    let bytes = 0;
    const tooMany = this.#waiting.findIndex(({ record }, place) => {
      for (const entry of record.append ?? []) bytes += entry.bytes;
      return place > 0 && (bytes > maxBatchBytes || record.base !== undefined);
    });
    return this.#waiting.splice(0, tooMany === -1 ? this.#waiting.length : tooMany);
  }

  async #sync({ newHardState }: { readonly newHardState: boolean }): Promise<void> {
    const startedAt = this.#options.nowMs();
    if (this.#duties.syncsBeforeDurable()) {
      await this.#segment.sync();
      this.#noteSynced({ sync: newHardState });
    }
    this.#options.onSync(this.#options.nowMs() - startedAt);
  }

  /** The log is on the disk up to its present end. */
  #noteSynced(options: { readonly sync: boolean }): void {
    const { sequence, offset, chain } = this.#segment.end;
    this.#options.superblock.note({ synced: { sequence, offset: recordStart(offset), chain } }, options);
  }

  #note({ hard, base, truncateFrom, append }: WalRecord): void {
    this.#hard = hard ?? this.#hard;
    if (base !== undefined) this.#terms = new TermRuns(base);
    if (truncateFrom !== undefined) this.#terms.truncateFrom(truncateFrom);
    this.#terms.append(append ?? []);
  }

  /** Goes on in the next segment, behind this position, with room for a body of so many bytes. */
  async #roll(base: LogPosition, bodyBytes: number): Promise<void> {
    const { disk, directory, segmentBytes, superblock } = this.#options;
    const file = (await this.#next) ?? (await prepareSegment(disk, directory, segmentBytes));
    this.#next = null;
    const { sequence, chain } = this.#segment.end;
    const full = this.#segment;
    const opening: SegmentOpening = {
      store: superblock.store,
      sequence: sequence + 1,
      chain,
      hard: this.#duties.hardStateOfSegment(this.#hard),
      base,
    };
    this.#segment = await Segment.begin({ disk, directory, duties: this.#duties }, file, opening, bodyBytes);
    this.#noteSynced({ sync: true });
    this.#full.push(full);
    await full.close();
  }

  /** Null when there is no room yet: whoever needs the segment tries again. */
  #prepareNext(): Promise<PreparedFile | null> {
    const { disk, directory, segmentBytes, onLowSpace } = this.#options;
    return prepareSegment(disk, directory, segmentBytes).catch((cause) => {
      if (cause instanceof DiskFull) onLowSpace(cause);
      else this.#fail(cause);
      return null;
    });
  }

  async #removeThrough(index: Index): Promise<void> {
    const { disk, directory } = this.#options;
    const removable = () => this.#duties.segmentIsSuperfluous((this.#full[1] ?? this.#segment).firstIndex, index);
    let removed = 0;
    // Oldest first, so that a crash leaves no gap.
    for (; this.#full.length > 0 && removable(); removed++) {
      await disk.remove(join(directory, this.#full[0]!.name));
      this.#full.shift();
    }
    if (removed > 0) await disk.syncDirectory(directory);
  }
}

function toLog(found: RecoveredWal | null): RecoveredLog {
  if (found === null) return { hard: { term: 0, votedFor: null }, entries: [], records: 0, cutBytes: 0 };
  const { hard, entries, records, end } = found;
  return { hard, entries: entries ?? [], records, cutBytes: end.zerosFrom - end.end.offset };
}
