import { crc32 } from "node:zlib";
import type { StoreId } from "./superblock-format.ts";
import { isZero } from "./zeros.ts";

/**
 * A segment's file: a header that names the format, the data directory, the segment's number, the checksum that the segment
 * before ended with, and the size that the file was made with; records; and zeros up to that size. A record is one write of
 * the node, whole or not at all: a header, the body, and a last byte that is never zero. Numbers are 4 bytes, little endian.
 *
 * What recovery relies on:
 * - The file has its size, durably, before it is a segment. No crash changes that.
 * - A body's checksum continues that of the record before, over all segments, so that no record can be missing, repeated or
 *   from elsewhere. The first continues the data directory's name.
 * - A header's checksum begins with where the record stands, so that only a record that was written there has a valid one.
 * - A header lies within one sector, so that a crash leaves all of it or nothing (see torn-write.ts).
 */
const magic = Buffer.from("KHWAL05\n", "latin1");
const storeBytes = 8;
export const segmentHeaderBytes = magic.length + storeBytes + 16;

/** What a disk writes whole or not at all. */
export const sectorBytes = 512;
const marker = Buffer.from("KHR\n", "latin1");
export const recordHeaderBytes = marker.length + 16;
const trailer = 0x0a;
export const recordOverheadBytes = recordHeaderBytes + 1;

/** Where a record stands, and the checksum of the one before it. */
export interface RecordPlace {
  readonly sequence: number;
  readonly offset: number;
  readonly chain: number;
}

export interface RecordHeader {
  readonly bodyBytes: number;
  /** Sectors of the record that hold nothing but zeros. */
  readonly zeroSectors: number;
  readonly bodyCrc: number;
}

export interface SegmentHeader {
  readonly store: StoreId;
  readonly sequence: number;
  readonly chain: number;
  /** Of the whole file, from its first day on. */
  readonly fileBytes: number;
}

const numbersStart = magic.length + storeBytes;

export function encodeSegmentHeader({ store, sequence, chain, fileBytes }: SegmentHeader): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  header.set(magic);
  header.write(store, magic.length, "hex");
  header.writeUInt32LE(sequence, numbersStart);
  header.writeUInt32LE(chain, numbersStart + 4);
  header.writeUInt32LE(fileBytes, numbersStart + 8);
  header.writeUInt32LE(crc32(header.subarray(0, -4)), numbersStart + 12);
  return header;
}

/** Null when it is no segment of this format, or damaged. */
export function decodeSegmentHeader(header: Buffer): SegmentHeader | null {
  if (header.length < segmentHeaderBytes || !header.subarray(0, magic.length).equals(magic)) return null;
  if (crc32(header.subarray(0, segmentHeaderBytes - 4)) !== header.readUInt32LE(numbersStart + 12)) return null;
  return {
    store: header.toString("hex", magic.length, numbersStart),
    sequence: header.readUInt32LE(numbersStart),
    chain: header.readUInt32LE(numbersStart + 4),
    fileBytes: header.readUInt32LE(numbersStart + 8),
  };
}

/** What the first record of a data directory's log continues. */
export function firstChain(store: StoreId): number {
  return crc32(Buffer.from(store, "hex"));
}

/** Where a record may begin, at or after `offset`: where its header does not straddle two sectors. */
export function recordStart(offset: number): number {
  const inSector = offset % sectorBytes;
  return inSector <= sectorBytes - recordHeaderBytes ? offset : offset - inSector + sectorBytes;
}

/** The record's bytes, and the checksum that the next one continues. */
export function encodeRecord(body: Buffer, place: RecordPlace): { readonly bytes: Buffer; readonly chain: number } {
  const bytes = Buffer.allocUnsafe(recordOverheadBytes + body.length);
  const chain = crc32(body, place.chain);
  bytes.set(marker);
  bytes.set(body, recordHeaderBytes);
  bytes[bytes.length - 1] = trailer;
  bytes.writeUInt32LE(body.length, 4);
  bytes.writeUInt32LE(countZeroSectors(bytes, place.offset), 8);
  bytes.writeUInt32LE(chain, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 16), seedOf(place)), 16);
  return { bytes, chain };
}

/** Null when no record begins there. */
export function decodeRecordHeader(bytes: Buffer, place: Omit<RecordPlace, "chain">): RecordHeader | null {
  if (bytes.length < recordHeaderBytes || !bytes.subarray(0, marker.length).equals(marker)) return null;
  if (crc32(bytes.subarray(0, 16), seedOf(place)) !== bytes.readUInt32LE(16)) return null;
  return { bodyBytes: bytes.readUInt32LE(4), zeroSectors: bytes.readUInt32LE(8), bodyCrc: bytes.readUInt32LE(12) };
}

/** The body of a record that is all there, or null. */
export function decodeRecord(
  bytes: Buffer,
  header: RecordHeader,
  isIntact: (record: Buffer, bodyCrc: number) => boolean,
): Buffer | null {
  const recordBytes = header.bodyBytes + recordOverheadBytes;
  if (bytes.length < recordBytes || !isIntact(bytes.subarray(0, recordBytes), header.bodyCrc)) return null;
  return bytes.subarray(recordHeaderBytes, recordHeaderBytes + header.bodyBytes);
}

/** Whether a record ends as it should, and its body has the checksum that its header tells. */
export function recordIsIntact(record: Buffer, bodyCrc: number, chain: number): boolean {
  if (record.at(-1) !== trailer) return false;
  return crc32(record.subarray(recordHeaderBytes, -1), chain) === bodyCrc;
}

/** Whole sectors within the bytes, which stand at `offset` of their file, that hold nothing but zeros. */
export function countZeroSectors(bytes: Buffer, offset: number): number {
  let count = 0;
  const first = (sectorBytes - (offset % sectorBytes)) % sectorBytes;
  for (let at = first; at + sectorBytes <= bytes.length; at += sectorBytes) {
    if (bytes[at] === 0 && isZero(bytes.subarray(at, at + sectorBytes))) count++;
  }
  return count;
}

/** Whether a record that was written begins anywhere in the bytes, which stand at this place, but behind its beginning. */
export function hasRecordBehind(bytes: Buffer, { sequence, offset }: Omit<RecordPlace, "chain">): boolean {
  for (let at = bytes.indexOf(marker, 1); at !== -1; at = bytes.indexOf(marker, at + 1)) {
    const candidate = bytes.subarray(at, at + recordHeaderBytes);
    if (decodeRecordHeader(candidate, { sequence, offset: offset + at }) !== null) return true;
  }
  return false;
}

/** Another beginning for the checksum at every place. */
function seedOf({ sequence, offset }: Omit<RecordPlace, "chain">): number {
  return (Math.imul(sequence, 0x9e3779b1) ^ offset) >>> 0;
}
