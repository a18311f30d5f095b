import { crc32 } from "node:zlib";
import { Packr } from "msgpackr";
import type { Entry, HardState, Index } from "../core/types.ts";

/**
 * The write-ahead log: 8 bytes that name the format, then records. A record is one write of the node, whole or not at
 * all: length of the body, CRC of the body, CRC of those two (4 bytes each, little endian), the body, and a last byte
 * that is never zero. Only one write is under way at a time, so a crash can tear only the last record.
 */
export const magic = Buffer.from("KHWAL03\n", "latin1");
export const headerBytes = 12;
export const trailer = 0x0a;

export interface WalRecord {
  readonly hard?: HardState;
  readonly truncateFrom?: Index;
  readonly append?: readonly Entry[];
}

const packr = new Packr({ useRecords: false });

/** Several records of the core as one record of the file. */
export function encodeRecord(records: readonly WalRecord[]): Buffer {
  const body = packr.pack(records.map(toRow));
  const record = Buffer.allocUnsafe(headerBytes + body.length + 1);
  record.writeUInt32LE(body.length, 0);
  record.writeUInt32LE(crc32(body), 4);
  record.writeUInt32LE(crc32(record.subarray(0, 8)), 8);
  record.set(body, headerBytes);
  record[headerBytes + body.length] = trailer;
  return record;
}

export function decodeBody(body: Buffer): WalRecord[] {
  return (packr.unpack(body) as Row[]).map(fromRow);
}

/** Rows without names: entries are most of the file. */
type Row = [hard: [number, string | null] | null, truncateFrom: number, entries: EntryRow[]];
type EntryRow =
  | [index: number, term: number, kind: Entry["kind"]]
  | [index: number, term: number, kind: Entry["kind"], bytes: number, command: unknown];

function toRow({ hard, truncateFrom, append }: WalRecord): Row {
  const entries = (append ?? []).map(
    ({ index, term, kind, bytes, command }): EntryRow =>
      command === undefined ? [index, term, kind] : [index, term, kind, bytes, command],
  );
  return [hard === undefined ? null : [hard.term, hard.votedFor], truncateFrom ?? 0, entries];
}

function fromRow([hard, truncateFrom, entries]: Row): WalRecord {
  return {
    ...(hard === null ? {} : { hard: { term: hard[0], votedFor: hard[1] } }),
    ...(truncateFrom === 0 ? {} : { truncateFrom }),
    append: entries.map(([index, term, kind, bytes = 0, command]) => ({
      index,
      term,
      kind,
      bytes,
      ...(command === undefined ? {} : { command }),
    })),
  };
}
