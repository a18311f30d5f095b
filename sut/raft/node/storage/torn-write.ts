import {
  countZeroSectors,
  decodeRecordHeader,
  hasRecordBehind,
  type RecordPlace,
  recordHeaderBytes,
  recordOverheadBytes,
  sectorBytes,
} from "./segment-format.ts";
import { isZero } from "./zeros.ts";

/**
 * Why what stands at the end of the good records of the last segment cannot be a write that a crash cut short; null if it
 * can. `rest` is all from there to the end of the file, not only zeros, and does not begin with a whole record.
 *
 * A torn write was promised to nobody and may be forgotten. Anything else may have been promised, so the node must not start
 * without it. The two are told apart by what a crash can do:
 *
 * 1. One write is under way at a time, and the next begins only when it is durable. So only the last record can be torn, and
 *    anything written behind a record proves that it was once whole: it is damaged now.
 * 2. The segment was zeros, durably, before it was written to. A crash leaves each sector of a write new or old, in any
 *    combination. So every sector of a torn record is as it was written or only zeros, and at least one that was not to be
 *    zeros is. (Zeros from anywhere within a sector on are allowed for as well: the byte that ends a record is
 *    never zero, so that a record without it was not written to its end.)
 *
 * Hence, if the header is valid, the record's end is known. Anything but zeros behind it is damage (1). Before it, the write
 * is torn if the last byte is missing or if more sectors are zeros than the header says were meant to be (2); if none is, it
 * was written to its end, and something else changed it.
 *
 * If the header is not valid, its sector was not written, and then reads as zeros from the header's place on, or the write
 * ended within it, and then nothing follows. With the header the record's length is lost, so that what follows may belong
 * to it; unless it has a record's valid header, which only a later write can have put there (1).
 *
 * Not seen here is the loss of whole sectors of the very last record, if it had been acknowledged: it looks like a torn
 * write, and no log can tell it from one. The superblock can: it says how far the log was synced (see superblock.ts).
 */
export function whyNotTorn(rest: Buffer, place: RecordPlace): string | null {
  const header = decodeRecordHeader(rest, place);
  if (header === null) return whyHeaderNotTorn(rest, place);
  const recordBytes = header.bodyBytes + recordOverheadBytes;
  if (!isZero(rest.subarray(recordBytes))) return "the record is damaged, and more was written after it";
  const lastByteWritten = rest.length >= recordBytes && rest[recordBytes - 1] !== 0;
  const lacksSectors = countZeroSectors(rest.subarray(0, recordBytes), place.offset) > header.zeroSectors;
  return lastByteWritten && !lacksSectors ? "the record's checksum does not match" : null;
}

function whyHeaderNotTorn(rest: Buffer, place: RecordPlace): string | null {
  if (isZero(rest.subarray(recordHeaderBytes))) return null;
  const inItsSector = rest.subarray(0, sectorBytes - (place.offset % sectorBytes));
  if (!isZero(inItsSector)) return "the record's header is damaged";
  return hasRecordBehind(rest, place) ? "a record is missing, and more was written after it" : null;
}
