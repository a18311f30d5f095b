import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Seeded randomness for one purpose. A run has several, so that one more draw in one does not shift the others. */
export interface RandomStream {
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
  /** One of the items, each as likely. Throws on an empty list. */
  pick<Item>(items: readonly Item[]): Item;
  /** The items in another order (Fisher and Yates). */
  shuffle<Item>(items: readonly Item[]): Item[];
}

/** The stream of a run's seed for one purpose, such as `workload`: the same two always give the same draws. */
export function randomStream(seed: number, purpose: string): RandomStream {
  const generator = xoroshiro128plus(mix(seed, purpose));
  const integer = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    integer,
    fraction: () => uniformFloat64(generator),
    pick: (items) => {
      if (items.length === 0) throw new RangeError("pick: no items");
      return items[integer(0, items.length - 1)] as (typeof items)[number];
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
  };
}

/** FNV-1a over both: spreads neighbouring seeds and names over all 32 bits. */
function mix(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${purpose}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash | 0;
}
