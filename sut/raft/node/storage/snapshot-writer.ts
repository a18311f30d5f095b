import { createHash } from "node:crypto";
import type { SnapshotMeta } from "../../core/types.ts";
import type { Disk, DiskFile } from "./disk.ts";
import {
  chunkHeaderBytes,
  chunkOffset,
  decodeChunk,
  encodeChunk,
  encodeHeader,
  encodeTrailer,
  readHeader,
  type SnapshotHeader,
  type SnapshotTrailer,
  snapshotChunkBytes,
} from "./snapshot-format.ts";
import type { StoreId } from "./superblock-format.ts";

/** Content on its way into a snapshot's file, a chunk at a time: the event loop turns between any two of them. */
export class ContentWriter {
  readonly #file: DiskFile;
  readonly #header: SnapshotHeader;
  readonly #hash = createHash("sha256");
  /** What does not fill a chunk yet. */
  readonly #open = Buffer.allocUnsafe(snapshotChunkBytes);
  #openBytes = 0;
  #chunks = 0;

  static async create(disk: Disk, path: string, store: StoreId, meta: SnapshotMeta): Promise<ContentWriter> {
    const file = await disk.open(path, "create");
    const header = encodeHeader(store, meta);
    await file.write(header, 0);
    return new ContentWriter(file, { meta, contentStart: header.length });
  }

  /** Goes on behind the whole chunks that an unfinished file holds. Throws Corruption when not even its header is whole. */
  static async resume(disk: Disk, path: string, store: StoreId): Promise<ContentWriter> {
    const file = await disk.open(path, "existing");
    try {
      const writer = new ContentWriter(file, await readHeader(file, path, store));
      await writer.#takeWholeChunks();
      return writer;
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  private constructor(file: DiskFile, header: SnapshotHeader) {
    this.#file = file;
    this.#header = header;
  }

  /** Bytes of content taken so far. */
  get bytes(): number {
    return this.#chunks * snapshotChunkBytes + this.#openBytes;
  }

  async write(content: Uint8Array): Promise<void> {
    for (let at = 0; at < content.length; ) {
      const part = content.subarray(at, at + snapshotChunkBytes - this.#openBytes);
      this.#open.set(part, this.#openBytes);
      this.#openBytes += part.length;
      at += part.length;
      if (this.#openBytes === snapshotChunkBytes) await this.#writeChunk();
    }
  }

  /** Writes what is left, then the trailer, and with `sync` waits until all of it is durable. */
  async finish(sync: boolean): Promise<SnapshotTrailer> {
    const { bytes } = this;
    const end = this.#header.contentStart + bytes + chunkHeaderBytes * Math.ceil(bytes / snapshotChunkBytes);
    if (this.#openBytes > 0) await this.#writeChunk();
    const trailer = { bytes, digest: this.#hash.digest("hex") };
    await this.#file.write(encodeTrailer(trailer), end);
    if (sync) await this.#file.sync();
    await this.#file.close();
    return trailer;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #writeChunk(): Promise<void> {
    const content = this.#open.subarray(0, this.#openBytes);
    this.#hash.update(content);
    await this.#file.write(encodeChunk(content, this.#chunks), chunkOffset(this.#header, this.#chunks));
    this.#chunks++;
    this.#openBytes = 0;
  }

  async #takeWholeChunks(): Promise<void> {
    const fileBytes = await this.#file.bytes();
    for (;;) {
      const offset = chunkOffset(this.#header, this.#chunks);
      if (offset + chunkHeaderBytes + snapshotChunkBytes > fileBytes) return;
      const content = decodeChunk(await this.#file.read(offset, chunkHeaderBytes + snapshotChunkBytes), this.#chunks);
      if (content === null) return;
      this.#hash.update(content);
      this.#chunks++;
    }
  }
}
