/** Gives equal byte strings equal small numbers, without making a JavaScript string of each occurrence. */
export class ByteInterner {
  #table = new Int32Array(64).fill(-1);
  #starts = new Int32Array(64);
  #store = Buffer.alloc(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The number of `bytes[start, end)`. */
  intern(bytes: Buffer, start: number, end: number): number {
    const mask = this.#table.length - 1;
    let slot = hashBytes(bytes, start, end) & mask;
    for (;;) {
      const id = this.#table[slot]!;
      if (id < 0) return this.#add(bytes, start, end, slot);
      if (this.#equals(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  internText(text: string): number {
    const bytes = Buffer.from(text);
    return this.intern(bytes, 0, bytes.length);
  }

  text(id: number): string {
    return this.#store.toString("utf8", this.#starts[id], this.#starts[id + 1]);
  }

  #equals(id: number, bytes: Buffer, start: number, end: number): boolean {
    const from = this.#starts[id]!;
    const length = this.#starts[id + 1]! - from;
    if (length !== end - start) return false;
    for (let i = 0; i < length; i++) if (this.#store[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Buffer, start: number, end: number, slot: number): number {
    const id = this.#count++;
    const from = this.#starts[id]!;
    if (id + 2 > this.#starts.length) this.#starts = grownInt32(this.#starts);
    if (from + end - start > this.#store.length) {
      this.#store = Buffer.concat([this.#store], Math.max(this.#store.length * 2, from + end - start));
    }
    bytes.copy(this.#store, from, start, end);
    this.#starts[id + 1] = from + end - start;
    this.#table[slot] = id;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = hashBytes(this.#store, this.#starts[id]!, this.#starts[id + 1]!) & mask;
      while (table[slot]! >= 0) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.#table = table;
  }
}

function hashBytes(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function grownInt32(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
