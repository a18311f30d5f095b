import type { SnapshotMeta } from "../../core/types.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { Corruption } from "./errors.ts";
import {
  chunkHeaderBytes,
  chunkOffset,
  decodeChunk,
  readHeader,
  readTrailer,
  type SnapshotHeader,
  type SnapshotTrailer,
  snapshotChunkBytes,
} from "./snapshot-format.ts";
import type { StoreId } from "./superblock-format.ts";

/** A snapshot open for reading. It stays readable when a newer one takes its place: the file lives until it is closed. */
export class SnapshotReader {
  readonly meta: SnapshotMeta;
  /** Bytes of content. */
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly digest: string;
  readonly #file: DiskFile;
  readonly #path: string;
  readonly #header: SnapshotHeader;

  /** Throws Corruption when the file's beginning or end is damaged; its content is checked as it is read. */
  static async open(disk: Disk, path: string, store: StoreId): Promise<SnapshotReader> {
    const file = await disk.open(path, "existing");
    try {
      const header = await readHeader(file, path, store);
      return new SnapshotReader(file, path, header, await readTrailer(file, path, header));
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  private constructor(file: DiskFile, path: string, header: SnapshotHeader, trailer: SnapshotTrailer) {
    this.#file = file;
    this.#path = path;
    this.#header = header;
    this.meta = header.meta;
    this.bytes = trailer.bytes;
    this.digest = trailer.digest;
  }

  /** Content from `offset`: `length` bytes, or as many as there are. Throws Corruption. */
  async read(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.bytes);
    const parts: Buffer[] = [];
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / snapshotChunkBytes);
      const content = await this.#chunk(number);
      const start = number * snapshotChunkBytes;
      parts.push(content.subarray(at - start, end - start));
      at = start + content.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #chunk(number: number): Promise<Buffer> {
    const offset = chunkOffset(this.#header, number);
    const bytes = Math.min(snapshotChunkBytes, this.bytes - number * snapshotChunkBytes);
    const content = decodeChunk(await this.#file.read(offset, chunkHeaderBytes + bytes), number);
    if (content === null) throw new Corruption(this.#path, offset, "the snapshot's checksum does not match");
    return content;
  }
}
