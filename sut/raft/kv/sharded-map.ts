/** One map of millions of keys stops the event loop for 200 ms when it grows; each of these does for a fraction of it. */
const shardCount = 64;

/** A map from text in shards. Its order follows from what was set and deleted, as a map's does, shard by shard. */
export class ShardedMap<Value> {
  readonly #shards: readonly Map<string, Value>[] = Array.from({ length: shardCount }, () => new Map());

  get(key: string): Value | undefined {
    return this.#shardOf(key).get(key);
  }

  has(key: string): boolean {
    return this.#shardOf(key).has(key);
  }

  set(key: string, value: Value): void {
    this.#shardOf(key).set(key, value);
  }

  delete(key: string): void {
    this.#shardOf(key).delete(key);
  }

  *entries(): IterableIterator<[string, Value]> {
    for (const shard of this.#shards) yield* shard;
  }

  #shardOf(key: string): Map<string, Value> {
    return this.#shards[shardOf(key)]!;
  }
}

/** By FNV-1a over the UTF-16 units: the same on every node. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % shardCount;
}
