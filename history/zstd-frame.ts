import { HistoryError } from "./history-error.ts";

/** The first bytes of a frame. */
export const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const skippableMagic = 0x184d2a50;
const [runLengthBlock, compressedBlock] = [1, 2];
/** What a compressed block may hold; decoders refuse one that holds more. Source: RFC 8878, section 3.1.1.2.4. */
const mostBlockBytes = 128 << 10;

/** Where a frame ends, and how many bytes it can expand to at most. */
interface Extent {
  readonly end: number;
  readonly mostBytes: number;
}

/**
 * The extent of the zstd frame that starts at `at`, or null when it is cut short or no frame. Walks the block headers
 * without decompressing. Source: RFC 8878, sections 3.1.1 and 3.1.2.
 */
function extentOf(bytes: Buffer, at: number): Extent | null {
  if (at + 8 > bytes.length) return null;
  const word = bytes.readUInt32LE(at);
  if ((word & 0xfffffff0) === skippableMagic) return within(bytes, at + 8 + bytes.readUInt32LE(at + 4), 0);
  if (word !== zstdMagic.readUInt32LE()) return null;
  const descriptor = bytes.readUInt8(at + 4);
  return extentOfBlocks(bytes, at + 5 + headerRest(descriptor), (descriptor & 0b100) !== 0);
}

/** Bytes of window descriptor, dictionary id and content size. */
function headerRest(descriptor: number): number {
  const singleSegment = (descriptor & 0b100000) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0b11] ?? 0;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
}

function extentOfBlocks(bytes: Buffer, start: number, checksum: boolean): Extent | null {
  let at = start;
  let mostBytes = 0;
  for (;;) {
    if (at + 3 > bytes.length) return null;
    const header = bytes.readUIntLE(at, 3);
    const type = (header >> 1) & 0b11;
    if (type > compressedBlock) return null;
    at += 3 + (type === runLengthBlock ? 1 : header >> 3);
    mostBytes += type === compressedBlock ? mostBlockBytes : header >> 3;
    if ((header & 1) === 1) return within(bytes, at + (checksum ? 4 : 0), mostBytes);
  }
}

function within(bytes: Buffer, end: number, mostBytes: number): Extent | null {
  return end <= bytes.length ? { end, mostBytes } : null;
}

/** A frame of a compressed file, and where it begins. */
export interface ZstdFrame {
  readonly frame: Buffer;
  readonly at: number;
  /** It expands to no more than that. */
  readonly mostBytes: number;
}

/** The frames of a compressed file. Throws HistoryError at what is no whole frame. */
export function* zstdFrames(file: string, compressed: Buffer): Generator<ZstdFrame> {
  for (let at = 0; at < compressed.length; ) {
    const extent = extentOf(compressed, at);
    if (extent === null) {
      throw new HistoryError(file, 0, `a zstd frame at byte ${at} that is cut short or is none`, "whole zstd frames");
    }
    const { end, mostBytes } = extent;
    yield { frame: compressed.subarray(at, end), at, mostBytes };
    at = end;
  }
}
