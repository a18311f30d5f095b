import type { Duties } from "../duties.ts";
import { ChunkedReader } from "./chunked-reader.ts";
import type { DiskFile } from "./disk.ts";
import { Corruption } from "./errors.ts";
import {
  decodeRecord,
  decodeRecordHeader,
  decodeSegmentHeader,
  type RecordPlace,
  recordHeaderBytes,
  recordOverheadBytes,
  recordStart,
  segmentHeaderBytes,
} from "./segment-format.ts";
import type { StoreId, SyncedLog } from "./superblock-format.ts";
import { isZero } from "./zeros.ts";

export interface SegmentEnd {
  readonly records: number;
  /** Where the good records end, and their last checksum. */
  readonly end: RecordPlace;
  /** Where the zeros begin: behind `end` when a torn write lies between. */
  readonly zerosFrom: number;
}

export interface SegmentToRead {
  readonly path: string;
  readonly store: StoreId;
  readonly sequence: number;
  /** The checksum that the segment before ended with; null when that one is not read. */
  readonly chain: number | null;
  /** Only the last segment can end in a torn write. */
  readonly isLast: boolean;
  /** How far this segment was synced, as the superblock says; null: it speaks of another one. */
  readonly synced: SyncedLog | null;
  readonly duties: Pick<Duties, "isIntact" | "damageAtEnd">;
}

/** Reads a segment's records. Throws Corruption. */
export async function readSegment(
  file: DiskFile,
  segment: SegmentToRead,
  onRecord: (body: Buffer, offset: number) => void,
): Promise<SegmentEnd> {
  const { path, sequence, synced } = segment;
  const reader = new ChunkedReader({ bytes: await file.bytes(), read: (at, length) => file.read(at, length) });
  let place: RecordPlace = { sequence, offset: segmentHeaderBytes, chain: await readHeader(reader, segment) };
  let reachedSynced = false;
  for (let records = 0; ; records++) {
    const offset = recordStart(place.offset);
    if (offset > place.offset && !isZero(await reader.read(place.offset, offset - place.offset))) {
      throw new Corruption(path, place.offset, "there is something between two records");
    }
    place = { ...place, offset };
    reachedSynced ||= offset === synced?.offset && place.chain === synced.chain;
    const found = await readRecord(reader, place, segment.duties);
    if (found === null) {
      if (records === 0) throw new Corruption(path, offset, "the record that opens the segment is damaged");
      const zerosFrom = await findZeros(reader, segment, place);
      if (synced !== null && offset >= synced.offset && !reachedSynced) {
        throw new Corruption(path, synced.offset, "what ends here is not what was synced");
      }
      return { records, end: place, zerosFrom };
    }
    onRecord(found.body, offset);
    place = { sequence, offset: found.end, chain: found.chain };
  }
}

async function readHeader(reader: ChunkedReader, { path, store, sequence, chain }: SegmentToRead): Promise<number> {
  const header = decodeSegmentHeader(await reader.read(0, segmentHeaderBytes));
  if (header === null) throw new Corruption(path, 0, "it does not begin like a log segment of this format");
  if (header.store !== store)
    throw new Corruption(path, 0, "it belongs to another node, or to an earlier data directory");
  if (header.fileBytes !== reader.bytes) {
    const offset = Math.min(header.fileBytes, reader.bytes);
    throw new Corruption(path, offset, `it has ${reader.bytes} bytes, but was made with ${header.fileBytes}`);
  }
  if (header.sequence !== sequence) throw new Corruption(path, 0, `it is segment ${header.sequence} of a log`);
  if (chain !== null && header.chain !== chain) {
    throw new Corruption(path, 0, "it does not follow the segment before it: records at that one's end are missing");
  }
  return header.chain;
}

/** The record at this place, or null if there is no whole one. */
async function readRecord(reader: ChunkedReader, place: RecordPlace, duties: SegmentToRead["duties"]) {
  const header = decodeRecordHeader(await reader.read(place.offset, recordHeaderBytes), place);
  if (header === null) return null;
  const recordBytes = header.bodyBytes + recordOverheadBytes;
  const isIntact = (record: Buffer, bodyCrc: number) => duties.isIntact(record, bodyCrc, place.chain);
  const body = decodeRecord(await reader.read(place.offset, recordBytes), header, isIntact);
  return body === null ? null : { body, end: place.offset + recordBytes, chain: header.bodyCrc };
}

/** Where the zeros begin that a segment ends with. Throws Corruption when there is more before them than a torn write. */
async function findZeros(
  reader: ChunkedReader,
  { path, isLast, synced, duties }: SegmentToRead,
  end: RecordPlace,
): Promise<number> {
  const isZero = await reader.isZeroFrom(end.offset);
  const rest = isZero ? Buffer.alloc(0) : await reader.read(end.offset, reader.bytes - end.offset);
  const damage = isLast ? duties.damageAtEnd(rest, end, synced?.offset ?? 0) : damageWithin(rest);
  if (damage !== null) throw new Corruption(path, end.offset, damage);
  return end.offset + rest.findLastIndex((byte) => byte !== 0) + 1;
}

/** In a segment that others follow, only zeros stand behind the last record. */
function damageWithin(rest: Buffer): string | null {
  return rest.length === 0 ? null : "the record is damaged, and segments were written after it";
}
