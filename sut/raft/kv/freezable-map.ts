import { ShardedMap } from "./sharded-map.ts";

/** Each change while merging merges so many others, so that merging ends however fast changes come. */
const mergedPerChange = 2;

/** Changed since the map was frozen. Undefined: deleted. */
interface Change<Value> {
  value: Value | undefined;
  /** Deleted in between, so it stands behind all that was there before. */
  moved: boolean;
}

/**
 * A map that can be frozen in an instant: from then on changes are kept beside it, and its content at that moment can be
 * read at leisure. Thawed, it takes the changes in, a few at a time. Order is that of a map that was never frozen.
 */
export class FreezableMap<Value> {
  readonly #base = new ShardedMap<Value>();
  #changes: Map<string, Change<Value>> | null = null;
  #merging: Iterator<[string, Change<Value>]> | null = null;

  /** Frozen, or not through with taking in what was changed meanwhile. */
  get isFrozen(): boolean {
    return this.#changes !== null;
  }

  get(key: string): Value | undefined {
    const change = this.#changes?.get(key);
    return change === undefined ? this.#base.get(key) : change.value;
  }

  set(key: string, value: Value): void {
    this.thaw(mergedPerChange);
    if (this.#changes === null) this.#base.set(key, value);
    else keepSet(this.#changes, key, value);
  }

  delete(key: string): void {
    this.thaw(mergedPerChange);
    if (this.#changes === null) this.#base.delete(key);
    else if (this.#base.has(key)) this.#changes.set(key, { value: undefined, moved: true });
    else this.#changes.delete(key);
  }

  /** The content of this moment, readable until `beginThaw`. */
  freeze(): IterableIterator<[string, Value]> {
    if (this.isFrozen) throw new Error("the map is frozen already");
    this.#changes = new Map();
    return this.#base.entries();
  }

  beginThaw(): void {
    this.#merging ??= this.#changes?.entries() ?? null;
  }

  /** Once thawing has begun, takes in so many changes. True: nothing is left to take in. */
  thaw(maxChanges: number): boolean {
    if (this.#merging === null || this.#changes === null) return !this.isFrozen;
    for (let i = 0; i < maxChanges; i++) {
      const next = this.#merging.next();
      if (next.done) {
        this.#changes = null;
        this.#merging = null;
        return true;
      }
      const [key, change] = next.value;
      this.#take(key, change);
      this.#changes.delete(key);
    }
    return false;
  }

  #take(key: string, { value, moved }: Change<Value>): void {
    if (moved) this.#base.delete(key);
    if (value !== undefined) this.#base.set(key, value);
  }
}

/** A map's order: an overwritten key stays where it is, one that was deleted comes back at the end. */
function keepSet<Value>(changes: Map<string, Change<Value>>, key: string, value: Value): void {
  const change = changes.get(key);
  if (change === undefined) {
    changes.set(key, { value, moved: false });
  } else if (change.value === undefined) {
    changes.delete(key);
    changes.set(key, { value, moved: true });
  } else {
    change.value = value;
  }
}
