import { join } from "node:path";
import type { HardState, Index, LogPosition } from "../../core/types.ts";
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
import { encodeBody } from "./wal-format.ts";
import { writeZeros } from "./zeros.ts";

/**
 * Makes a file of zeros that can become the next segment. Why: writing into what is allocated changes no metadata, so that
 * fdatasync has less to do; and a full disk shows here, where nothing is lost by it.
 */
export async function prepareSegment(disk: Disk, directory: string, bytes: number): Promise<DiskFile> {
  const path = join(directory, unfinishedSegment);
  const file = await disk.open(path, "create");
  try {
    await writeZeros(file, 0, bytes);
    await file.sync();
    return file;
  } catch (cause) {
    await file.close();
    // Gives back the room that it took, for what is worth more.
    await disk.remove(path);
    throw cause;
  }
}

/** What a segment begins with: all that recovery needs of the segments before it. */
export interface SegmentOpening {
  readonly sequence: number;
  /** Last checksum of the segment before. */
  readonly chain: number;
  readonly hard: HardState;
  /** The position that the log goes on behind. */
  readonly base: LogPosition;
}

/** The segment that is written to. */
export class Segment {
  readonly name: string;
  readonly firstIndex: Index;
  readonly #file: DiskFile;
  #end: RecordPlace;
  #openingEnd = 0;

  /** Makes a prepared file the next segment. It gets its name, and is a part of the log, when its opening is durable. */
  static async begin(disk: Disk, directory: string, file: DiskFile, opening: SegmentOpening): Promise<Segment> {
    const { sequence, chain, hard, base } = opening;
    const { name, firstIndex } = segmentName(sequence, base.index + 1);
    const segment = new Segment(name, firstIndex, file, { sequence, chain, offset: segmentHeaderBytes });
    await file.write(encodeSegmentHeader({ sequence, chain }), 0);
    await segment.append(encodeBody([{ hard, base }]));
    segment.#openingEnd = segment.#end.offset;
    await file.sync();
    await disk.rename(join(directory, unfinishedSegment), join(directory, name));
    await disk.syncDirectory(directory);
    return segment;
  }

  constructor(name: string, firstIndex: Index, file: DiskFile, end: RecordPlace) {
    this.name = name;
    this.firstIndex = firstIndex;
    this.#file = file;
    this.#end = end;
  }

  /** Where the last record ends, and its checksum. */
  get end(): RecordPlace {
    return this.#end;
  }

  /** Whether a record with this body has its place here: one that is larger than a segment has it in any new one. */
  fits(body: Buffer, segmentBytes: number): boolean {
    const end = recordStart(this.#end.offset) + recordOverheadBytes + body.length;
    return end <= segmentBytes || this.#end.offset === this.#openingEnd;
  }

  async append(body: Buffer): Promise<void> {
    const { sequence, chain: before } = this.#end;
    const offset = recordStart(this.#end.offset);
    const { bytes, chain } = encodeRecord(body, { sequence, offset, chain: before });
    await this.#file.write(bytes, offset);
    this.#end = { sequence, offset: offset + bytes.length, chain };
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
