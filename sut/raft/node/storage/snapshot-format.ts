import { crc32 } from "node:zlib";
import { z } from "zod";
import type { SnapshotMeta } from "../../core/types.ts";
import type { DiskFile } from "./disk.ts";
import { Corruption } from "./errors.ts";
import type { StoreId } from "./superblock-format.ts";

/**
 * A snapshot's file: what names the format, the meta data as JSON with its length and CRC, the content in chunks of equal
 * size (the last may be shorter), each with its length and CRC, and a trailer: total length and SHA-256 of the content.
 * Numbers are little endian. The chunk's CRC begins with the chunk's number, so that no chunk can stand for another.
 */
const magic = Buffer.from("KHSNAP2\n", "latin1");
const trailerMagic = Buffer.from("KHSNEND\n", "latin1");
const digestBytes = 32;

/** Content in one chunk: what is hashed, checked and written without a look at anything else. */
export const snapshotChunkBytes = 128 * 1024;
export const chunkHeaderBytes = 8;
export const trailerBytes = trailerMagic.length + 8 + digestBytes + 4;

const nodes = z.array(z.string());
const position = z.number().int().min(0);
const metaSchema = z.strictObject({
  store: z.string(),
  index: position,
  term: position,
  membership: z.strictObject({
    incoming: nodes,
    outgoing: nodes,
    learners: nodes,
    learnersNext: nodes,
    autoLeave: z.boolean(),
  }),
}) satisfies z.ZodType<SnapshotMeta>;

export interface SnapshotHeader {
  readonly meta: SnapshotMeta;
  /** Where the first chunk begins. */
  readonly contentStart: number;
}

export interface SnapshotTrailer {
  /** Bytes of content. */
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly digest: string;
}

export function encodeHeader(store: StoreId, { index, term, membership }: SnapshotMeta): Buffer {
  const meta = Buffer.from(JSON.stringify({ store, index, term, membership }));
  const lengthAndCrc = Buffer.alloc(8);
  lengthAndCrc.writeUInt32LE(meta.length, 0);
  lengthAndCrc.writeUInt32LE(crc32(meta), 4);
  return Buffer.concat([magic, lengthAndCrc, meta]);
}

/** Throws Corruption. */
export async function readHeader(file: DiskFile, path: string, store: StoreId): Promise<SnapshotHeader> {
  const fileBytes = await file.bytes();
  const fixedBytes = magic.length + 8;
  if (fileBytes < fixedBytes) throw new Corruption(path, 0, "the snapshot ends within its header");
  const fixed = await file.read(0, fixedBytes);
  if (!fixed.subarray(0, magic.length).equals(magic)) {
    throw new Corruption(path, 0, "it does not begin like a snapshot of this format");
  }
  const contentStart = fixedBytes + fixed.readUInt32LE(magic.length);
  const meta = contentStart > fileBytes ? null : await file.read(fixedBytes, contentStart - fixedBytes);
  if (meta === null || crc32(meta) !== fixed.readUInt32LE(magic.length + 4)) {
    throw new Corruption(path, magic.length, "the snapshot's header is damaged");
  }
  const { store: owner, ...position } = parseMeta(meta.toString(), path, fixedBytes);
  if (owner !== store)
    throw new Corruption(path, fixedBytes, "it belongs to another node, or to an earlier data directory");
  return { meta: position, contentStart };
}

/** Throws Corruption: zeros have a valid checksum, for the meta data of no length. */
function parseMeta(text: string, path: string, offset: number) {
  try {
    return metaSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Corruption(path, offset, `the snapshot's header cannot be read: ${(cause as Error).message}`);
  }
}

/** Where a chunk begins, with its header. */
export function chunkOffset({ contentStart }: SnapshotHeader, number: number): number {
  return contentStart + number * (chunkHeaderBytes + snapshotChunkBytes);
}

export function encodeChunk(content: Uint8Array, number: number): Buffer {
  const chunk = Buffer.allocUnsafe(chunkHeaderBytes + content.length);
  chunk.writeUInt32LE(content.length, 0);
  chunk.writeUInt32LE(crc32(content, number), 4);
  chunk.set(content, chunkHeaderBytes);
  return chunk;
}

/** The chunk's content, or null when it is not whole. */
export function decodeChunk(chunk: Buffer, number: number): Buffer | null {
  const content = chunk.subarray(chunkHeaderBytes);
  if (chunk.length < chunkHeaderBytes || chunk.readUInt32LE(0) !== content.length) return null;
  return chunk.readUInt32LE(4) === crc32(content, number) ? content : null;
}

export function encodeTrailer({ bytes, digest }: SnapshotTrailer): Buffer {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.set(trailerMagic);
  trailer.writeDoubleLE(bytes, trailerMagic.length);
  trailer.write(digest, trailerMagic.length + 8, "hex");
  trailer.writeUInt32LE(crc32(trailer.subarray(0, -4)), trailerBytes - 4);
  return trailer;
}

/** The trailer at the end of the file. Throws Corruption, also when the file is not as long as its content makes it. */
export async function readTrailer(file: DiskFile, path: string, header: SnapshotHeader): Promise<SnapshotTrailer> {
  const offset = (await file.bytes()) - trailerBytes;
  if (offset < header.contentStart) throw new Corruption(path, header.contentStart, "the snapshot has no end");
  const trailer = await file.read(offset, trailerBytes);
  const whole = trailer.readUInt32LE(trailerBytes - 4) === crc32(trailer.subarray(0, -4));
  if (!whole || !trailer.subarray(0, trailerMagic.length).equals(trailerMagic)) {
    throw new Corruption(path, offset, "the snapshot's end is missing or damaged");
  }
  const bytes = trailer.readDoubleLE(trailerMagic.length);
  if (offset !== header.contentStart + bytes + chunkHeaderBytes * Math.ceil(bytes / snapshotChunkBytes)) {
    throw new Corruption(path, offset, `the snapshot's end mark does not follow ${bytes} bytes of content`);
  }
  return { bytes, digest: trailer.toString("hex", trailerMagic.length + 8, trailerBytes - 4) };
}
