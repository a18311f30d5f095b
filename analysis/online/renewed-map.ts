/**
 * A map that entries come to and go from all the time. The engine replaces the table of such a map again and again, and
 * each old table refers to the next: once one of them is old, all that follow outlive the collections of young garbage,
 * together with everything that they held. A new map now and then cuts that chain.
 */
export class RenewedMap<Key, Value> {
  #map = new Map<Key, Value>();
  #deleted = 0;

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    this.#map.delete(key);
    if (++this.#deleted < 64 + this.#map.size) return;
    this.#map = new Map(this.#map);
    this.#deleted = 0;
  }
}
