import { sectorBytes } from "../../node/storage/segment-format.ts";

/** Asked of each thing that was not synced: whether a crash leaves it as it was written. */
export type Survives = () => boolean;

/** A file in memory that knows which of its sectors were not synced, and what they held before. */
export class MemoryFile {
  #buffer: Buffer;
  #length: number;
  #durableLength: number;
  /** What a sector held when it was last synced; null: it was beyond the end. */
  readonly #unsynced = new Map<number, Buffer | null>();

  /** All of it is durable. */
  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#buffer = bytes;
    this.#length = bytes.length;
    this.#durableLength = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes in sectors that were written and not synced. */
  get unsyncedBytes(): number {
    return this.#unsynced.size * sectorBytes;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  write(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    for (let sector = Math.floor(offset / sectorBytes); sector * sectorBytes < end; sector++) this.#remember(sector);
    this.#reserve(end);
    this.#buffer.set(bytes, offset);
    this.#length = Math.max(this.#length, end);
  }

  sync(): void {
    this.#unsynced.clear();
    this.#durableLength = this.#length;
  }

  /** What a crash may leave: each sector that was not synced is old or new by itself, and so is the file's length. */
  afterCrash(survives: Survives): MemoryFile {
    const left = Buffer.alloc(survives() ? this.#length : this.#durableLength);
    this.bytes.copy(left);
    for (const [sector, before] of this.#unsynced) {
      const from = sector * sectorBytes;
      if (from >= left.length || survives()) continue;
      left.fill(0, from, Math.min(from + sectorBytes, left.length));
      before?.copy(left, from);
    }
    return new MemoryFile(left);
  }

  #remember(sector: number): void {
    if (this.#unsynced.has(sector)) return;
    const from = sector * sectorBytes;
    const before = this.#buffer.subarray(from, Math.min(from + sectorBytes, this.#durableLength));
    this.#unsynced.set(sector, from >= this.#durableLength ? null : Buffer.from(before));
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = Buffer.alloc(Math.max(length, 2 * this.#buffer.length));
    this.bytes.copy(larger);
    this.#buffer = larger;
  }
}
