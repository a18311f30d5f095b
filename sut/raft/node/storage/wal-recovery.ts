import { join } from "node:path";
import type { Entry, HardState, LogPosition } from "../../core/types.ts";
import { type Duties, duties as healthyDuties } from "../duties.ts";
import type { Disk } from "./disk.ts";
import { Corruption, StorageError } from "./errors.ts";
import { LogReplay } from "./log-replay.ts";
import { type SegmentName, segmentsOf } from "./segment-name.ts";
import { readSegment, type SegmentEnd, type SegmentToRead } from "./segment-reader.ts";
import type { PromiseRecord } from "./superblock.ts";
import type { SyncedLog } from "./superblock-format.ts";
import { decodeBody } from "./wal-format.ts";

export interface RecoveredWal {
  readonly hard: HardState;
  /** The log behind the snapshot; null when the snapshot takes the place of all of it. */
  readonly entries: readonly Entry[] | null;
  readonly records: number;
  /** Segments that hold the log, and those that the snapshot has made superfluous, oldest first. */
  readonly segments: readonly SegmentName[];
  readonly superfluous: readonly SegmentName[];
  /** Of the last segment. */
  readonly end: SegmentEnd;
}

/**
 * Reads the log behind a snapshot ({ index: 0, term: 0 } without one). Null when there is no log yet. Throws StorageError:
 * Corruption for anything that a crash cannot have done.
 *
 * It begins with the newest segment that begins not later than behind the snapshot: the entries of older ones are in the
 * snapshot, and each segment begins with the term and vote of then, so that none of them is needed.
 */
export async function recoverWal(
  disk: Disk,
  directory: string,
  { store, promised: { synced } }: Pick<PromiseRecord, "store" | "promised">,
  snapshot: LogPosition,
  duties: Duties = healthyDuties,
): Promise<RecoveredWal | null> {
  const all = segmentsOf(await disk.list(directory));
  if (synced !== null && (all.at(-1)?.sequence ?? 0) < synced.sequence) throw lostSegment(directory, synced);
  const first = all.findLastIndex(({ firstIndex }) => firstIndex <= snapshot.index + 1);
  if (first === -1) {
    if (all.length === 0 && snapshot.index === 0) return null;
    throw lostEntries(directory, all[0]?.firstIndex ?? null, snapshot);
  }
  const segments = all.slice(first);
  const replay = new LogReplay({ index: 0, term: 0 });
  let records = 0;
  let end: SegmentEnd | undefined;
  for (const [place, segment] of segments.entries()) {
    const expected = segments[0]!.sequence + place;
    if (segment.sequence !== expected) throw new StorageError(missingSegment(directory, expected, segment));
    end = await replaySegment(disk, directory, segment, replay, {
      chain: end?.end.chain ?? null,
      isLast: place === segments.length - 1,
      store,
      synced: synced?.sequence === expected ? synced : null,
      duties,
    });
    records += end.records;
  }
  if (replay.base.index > snapshot.index) throw lostEntries(directory, replay.base.index + 1, snapshot);
  const entries = replay.entriesAfter(snapshot);
  return { hard: replay.hard, entries, records, segments, superfluous: all.slice(0, first), end: end! };
}

async function replaySegment(
  disk: Disk,
  directory: string,
  { name, sequence, firstIndex }: SegmentName,
  replay: LogReplay,
  known: Omit<SegmentToRead, "path" | "sequence">,
): Promise<SegmentEnd> {
  const path = join(directory, name);
  const file = await disk.open(path, "existing");
  let opened = false;
  const onRecord = (body: Buffer, offset: number) => {
    try {
      for (const record of decodeBody(body)) replay.apply(record);
    } catch (cause) {
      throw new Corruption(path, offset, (cause as Error).message);
    }
    if (!opened && replay.last.index + 1 !== firstIndex) {
      throw new Corruption(
        path,
        offset,
        `it goes on with entry ${replay.last.index + 1}, but its name says ${firstIndex}`,
      );
    }
    opened = true;
  };
  try {
    return await readSegment(file, { path, sequence, ...known }, onRecord);
  } finally {
    await file.close();
  }
}

function lostSegment(directory: string, { sequence, offset }: SyncedLog): StorageError {
  return new StorageError(
    `the log in ${directory} is incomplete: segment ${sequence} is missing, which was synced up to byte ${offset}. ` +
      "The node will not start, because what it promised may be lost; " +
      "replace its disk, or give it an empty data directory under a new id",
  );
}

function missingSegment(directory: string, expected: number, found: SegmentName): string {
  return `the log in ${directory} is incomplete: segment ${expected} is missing before ${found.name}`;
}

function lostEntries(directory: string, firstIndex: number | null, { index }: LogPosition): StorageError {
  const holds = firstIndex === null ? "is gone" : `begins with entry ${firstIndex}`;
  const before = index === 0 ? "there is no snapshot" : `the latest snapshot ends with entry ${index}`;
  return new StorageError(`the log in ${directory} ${holds}, but ${before}: what the node promised may be lost`);
}
