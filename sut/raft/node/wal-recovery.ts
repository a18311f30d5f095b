import { crc32 } from "node:zlib";
import type { Entry, HardState } from "../core/types.ts";
import { decodeBody, headerBytes, magic, trailer, type WalRecord } from "./wal-format.ts";

/** The file is damaged where a crash cannot have damaged it. Going on would forget what was promised. */
export class WalCorruption extends Error {}

export interface Recovered {
  readonly hard: HardState;
  readonly entries: readonly Entry[];
  readonly records: number;
  /** Where the good records end; what follows is a torn write, which nobody was promised. */
  readonly goodBytes: number;
}

/** Replays a write-ahead log. Cuts a torn last record; throws WalCorruption on any other damage (§3.8). */
export function recover(file: Buffer, name: string): Recovered {
  if (isTornMagic(file)) return { hard: { term: 0, votedFor: null }, entries: [], records: 0, goodBytes: 0 };
  if (!file.subarray(0, magic.length).equals(magic))
    throw corruption(name, 0, "it does not begin as a log of this format");
  let hard: HardState = { term: 0, votedFor: null };
  const entries: Entry[] = [];
  let offset = magic.length;
  let records = 0;
  for (;;) {
    const body = readRecord(file, offset, name);
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
function readRecord(file: Buffer, offset: number, name: string): Buffer | null {
  const rest = file.subarray(offset);
  if (rest.length < headerBytes || isUnwritten(rest)) return null;
  if (crc32(rest.subarray(0, 8)) !== rest.readUInt32LE(8)) {
    if (isUnwritten(rest.subarray(headerBytes))) return null;
    throw corruption(name, offset, "the record's header is damaged");
  }
  const bodyBytes = rest.readUInt32LE(0);
  const end = headerBytes + bodyBytes;
  if (rest.length < end + 1) return null;
  const body = rest.subarray(headerBytes, end);
  const whole = rest[end] === trailer && crc32(body) === rest.readUInt32LE(4);
  if (whole) return body;
  const endNeverWritten = rest.length === end + 1 && rest[end] === 0;
  if (endNeverWritten) return null;
  throw corruption(name, offset, "the record's checksum does not match");
}

/** A file can be longer than what reached it: the rest reads as zeros. */
function isUnwritten(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function isTornMagic(file: Buffer): boolean {
  return file.length < magic.length || isUnwritten(file);
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
