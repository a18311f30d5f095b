import type { Json } from "./commands.ts";
import { jsonBytes } from "./json-bytes.ts";

/**
 * A list that grows at its end without being copied: versions share one array, and each sees as far as its own length.
 * A version is never changed, so one that was read, or is in a snapshot, stays what it was.
 */
export class GrowingList {
  readonly #shared: Json[];
  readonly length: number;
  /** Bytes as JSON. */
  readonly bytes: number;

  static of(items: readonly Json[]): GrowingList {
    return new GrowingList([...items], items.length, jsonBytes(items));
  }

  private constructor(shared: Json[], length: number, bytes: number) {
    this.#shared = shared;
    this.length = length;
    this.bytes = bytes;
  }

  append(element: Json): GrowingList {
    // Only the longest version may add to the shared array; another one would write over its end.
    const shared = this.#shared.length === this.length ? this.#shared : this.#shared.slice(0, this.length);
    shared.push(element);
    return new GrowingList(shared, this.length + 1, this.bytes + bytesOfNext(this.length, element));
  }

  toJson(): readonly Json[] {
    return this.#shared.slice(0, this.length);
  }
}

/** What one more element adds: itself, and a comma unless it is the first. */
function bytesOfNext(length: number, element: Json): number {
  return jsonBytes(element) + (length === 0 ? 0 : 1);
}
