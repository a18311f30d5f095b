import { join } from "node:path";
import type { HardState, Index, LogPosition } from "../../core/types.ts";
import type { Duties } from "../duties.ts";
import type { Disk, DiskFile } from "./disk.ts";
import {
  encodeRecord,
  encodeSegmentHeader,
  type RecordPlace,
  recordOverheadBytes,
  recordStart,
  segmentHeaderBytes,
} from "./segment-format.ts";
import { segmentName, unfinishedSegment } from "./segment-name.ts";
import type { StoreId } from "./superblock-format.ts";
import { encodeBody } from "./wal-format.ts";
import { writeZeros } from "./zeros.ts";

/** A file of so many bytes, durably: writing into it changes no metadata. */
export interface PreparedFile {
  readonly file: DiskFile;
  readonly bytes: number;
}

/**
 * Makes a file of zeros that can become the next segment. Why: writing into what is allocated changes no metadata, so that
 * fdatasync has less to do; and a full disk shows here, where nothing is lost by it.
 */
export async function prepareSegment(disk: Disk, directory: string, bytes: number): Promise<PreparedFile> {
  const path = join(directory, unfinishedSegment);
  const file = await disk.open(path, "create");
  try {
    await writeZeros(file, 0, bytes);
    await file.sync();
    return { file, bytes };
  } catch (cause) {
    await file.close();
    // Gives back the room that it took, for what is worth more.
    await disk.remove(path);
    throw cause;
  }
}

/** What a segment begins with: all that recovery needs of the segments before it. */
export interface SegmentOpening {
  readonly store: StoreId;
  readonly sequence: number;
  /** Last checksum of the segment before. */
  readonly chain: number;
  readonly hard: HardState;
  /** The position that the log goes on behind. */
  readonly base: LogPosition;
}

/** Where segments are made. */
export interface SegmentSite {
  readonly disk: Disk;
  readonly directory: string;
  readonly duties: Pick<Duties, "syncsSegmentName">;
}

/** The segment that is written to. */
export class Segment {
  readonly name: string;
  readonly firstIndex: Index;
  readonly #file: PreparedFile;
  #end: RecordPlace;

  /**
   * Makes a prepared file the next segment, larger if a body of `bodyBytes` would not fit. It gets its name, and is a part of
   * the log, when its size and its opening are durable.
   */
  static async begin(
    { disk, directory, duties }: SegmentSite,
    { file, bytes }: PreparedFile,
    opening: SegmentOpening,
    bodyBytes: number,
  ): Promise<Segment> {
    const { store, sequence, chain, hard, base } = opening;
    const { name, firstIndex } = segmentName(sequence, base.index + 1);
    const openingBody = encodeBody([{ hard, base }]);
    const fileBytes = Math.max(bytes, endOf(endOf(segmentHeaderBytes, openingBody.length), bodyBytes));
    await writeZeros(file, bytes, fileBytes);
    await file.write(encodeSegmentHeader({ store, sequence, chain, fileBytes }), 0);
    const start = { sequence, chain, offset: segmentHeaderBytes };
    const segment = new Segment(name, firstIndex, { file, bytes: fileBytes }, start);
    await segment.append(openingBody);
    await file.sync();
    await disk.rename(join(directory, unfinishedSegment), join(directory, name));
    if (duties.syncsSegmentName()) await disk.syncDirectory(directory);
    return segment;
  }

  constructor(name: string, firstIndex: Index, file: PreparedFile, end: RecordPlace) {
    this.name = name;
    this.firstIndex = firstIndex;
    this.#file = file;
    this.#end = end;
  }

  /** Where the last record ends, and its checksum. */
  get end(): RecordPlace {
    return this.#end;
  }

  /** More than half of it is written. */
  get isHalfFull(): boolean {
    return this.#end.offset > this.#file.bytes / 2;
  }

  /** Whether a record with this body fits behind the last one. */
  fits(body: Buffer): boolean {
    return endOf(this.#end.offset, body.length) <= this.#file.bytes;
  }

  async append(body: Buffer): Promise<void> {
    const { sequence, chain: before } = this.#end;
    const offset = recordStart(this.#end.offset);
    const { bytes, chain } = encodeRecord(body, { sequence, offset, chain: before });
    await this.#file.file.write(bytes, offset);
    this.#end = { sequence, offset: offset + bytes.length, chain };
  }

  sync(): Promise<void> {
    return this.#file.file.sync();
  }

  close(): Promise<void> {
    return this.#file.file.close();
  }
}

/** Where a record with a body of so many bytes ends that is written at or after `offset`. */
function endOf(offset: number, bodyBytes: number): number {
  return recordStart(offset) + recordOverheadBytes + bodyBytes;
}
