/** The zones of blocks that have grown since their index was built: few, and looked through one by one, fast. */
export class GrownZones {
  readonly #capacity: number;
  readonly #blocks: Int32Array;
  readonly #firstEnd: Float64Array;
  readonly #lastBegin: Float64Array;
  readonly #placeOf = new Map<number, number>();
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#blocks = new Int32Array(capacity);
    this.#firstEnd = new Float64Array(capacity);
    this.#lastBegin = new Float64Array(capacity);
  }

  get isFull(): boolean {
    return this.#count === this.#capacity;
  }

  set(block: number, firstEnd: number, lastBegin: number): void {
    const place = this.#placeOf.get(block) ?? this.#count++;
    this.#placeOf.set(block, place);
    this.#blocks[place] = block;
    this.#firstEnd[place] = firstEnd;
    this.#lastBegin[place] = lastBegin;
  }

  /** Whether a block other than `block` cannot be ordered with one from `firstEnd` to `lastBegin`. */
  conflicts(firstEnd: number, lastBegin: number, block: number): boolean {
    for (let i = 0; i < this.#count; i++) {
      if (this.#firstEnd[i]! < lastBegin && this.#lastBegin[i]! > firstEnd && this.#blocks[i] !== block) return true;
    }
    return false;
  }

  clear(): void {
    this.#placeOf.clear();
    this.#count = 0;
  }
}
