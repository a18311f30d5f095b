import { crc32 } from "node:zlib";
import type { Entry, HardState } from "../core/types.ts";
import type { ChunkedReader } from "./chunked-reader.ts";
import { decodeBody, headerBytes, magic, trailer, type WalRecord } from "./wal-format.ts";

/** The disk, or what is on it, cannot be used. The node must not run. */
export class StorageError extends Error {}

/** The file is damaged where a crash cannot have damaged it. Going on would forget what was promised. */
export class WalCorruption extends StorageError {}

export interface Recovered {
  readonly hard: HardState;
  readonly entries: readonly Entry[];
  readonly records: number;
  /** Where the good records end; what follows is a torn write, which nobody was promised. */
  readonly goodBytes: number;
}

/** Replays a write-ahead log. Cuts a torn last record; throws WalCorruption on any other damage (§3.8). */
export async function recover(file: ChunkedReader, name: string): Promise<Recovered> {
  const start = await file.read(0, magic.length);
  if (!start.equals(magic)) {
    if (isTornMagic(file, start)) return { hard: { term: 0, votedFor: null }, entries: [], records: 0, goodBytes: 0 };
    throw corruption(name, 0, "it does not begin as a log of this format");
  }
  let hard: HardState = { term: 0, votedFor: null };
  const entries: Entry[] = [];
  let offset = magic.length;
  let records = 0;
  for (;;) {
    const body = await readRecord(file, offset, name);
    if (body === null) return { hard, entries, records, goodBytes: offset };
    for (const record of decodeBody(body)) {
      hard = record.hard ?? hard;
      replay(record, entries, { name, offset });
    }
    records++;
    offset += headerBytes + body.length + 1;
  }
}

/** The record's body; null where the file ends, or ends in a torn record. */
async function readRecord(file: ChunkedReader, offset: number, name: string): Promise<Buffer | null> {
  const header = await file.read(offset, headerBytes);
  if (header.length < headerBytes) return null;
  const bodyCrc = header.readUInt32LE(4);
  if (crc32(header.subarray(0, 8)) !== header.readUInt32LE(8)) {
    // A file can be longer than what reached it: the rest reads as zeros.
    if (await file.isZeroFrom(offset + headerBytes)) return null;
    throw corruption(name, offset, "the record's header is damaged");
  }
  const bodyBytes = header.readUInt32LE(0);
  const end = offset + headerBytes + bodyBytes;
  if (file.bytes < end + 1) return null;
  const bodyAndTrailer = await file.read(offset + headerBytes, bodyBytes + 1);
  const body = bodyAndTrailer.subarray(0, bodyBytes);
  const last = bodyAndTrailer[bodyBytes];
  if (last === trailer && crc32(body) === bodyCrc) return body;
  const endNeverWritten = file.bytes === end + 1 && last === 0;
  if (endNeverWritten) return null;
  throw corruption(name, offset, "the record's checksum does not match");
}

/**
 * A crash while the log was made left a part of its name, and zeros. Anything longer was written to after that name was
 * durable: zeros there are damage.
 */
function isTornMagic(file: ChunkedReader, start: Buffer): boolean {
  return file.bytes <= magic.length && start.every((byte, at) => byte === 0 || byte === magic[at]);
}

function replay(record: WalRecord, entries: Entry[], at: { name: string; offset: number }): void {
  if (record.truncateFrom !== undefined) entries.length = Math.min(entries.length, record.truncateFrom - 1);
  for (const entry of record.append ?? []) {
    if (entry.index !== entries.length + 1) {
      throw corruption(at.name, at.offset, `entry ${entry.index} follows entry ${entries.length}`);
    }
    entries.push(entry);
  }
}

function corruption(name: string, offset: number, what: string): WalCorruption {
  return new WalCorruption(
    `${name} is corrupt at byte ${offset}: ${what}. The node will not start, because what it promised may be lost; ` +
      "replace its disk, or give it an empty data directory under a new id",
  );
}
