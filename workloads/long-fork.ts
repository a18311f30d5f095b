import type { Operation } from "../history/event.ts";
import type { MicroOp } from "../sut/system.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

/** Two keys that are written once each, and read together before, between and after. */
interface Pair {
  readonly keys: readonly [string, string];
  writes: number;
  reads: number;
}

/** How many pairs are in use at a time. */
const activePairs = 2;
/** So many reads of a pair are enough. */
const readsPerPair = 16;
const writeShare = 30;
/** Final reads look at the pairs that were used last. */
const finalPairs = 30;

/**
 * Two writes of different keys, and readers of both: if one reader sees only the first and another only the second,
 * the two writes happened in two orders.
 */
export const longFork: Workload = {
  name: "long-fork",
  description: "pairs of keys, each written once: no two readers see the writes in opposite orders",
  operations: ["txn"],
  checkers: ["long-fork", "statistics", "availability"],
  generator: longForkGenerator,
  finalReads: (keys) => {
    const pairs = [...new Set(keys.map((key) => Math.floor(Number(key.slice(1)) / 2)))].sort((a, b) => a - b);
    return pairs.slice(-finalPairs).map((number) => readBoth(keysOf(number)));
  },
};

function longForkGenerator({ random, concurrency }: LoadContext): Generator {
  let made = 0;
  const make = (): Pair => ({ keys: keysOf(made++), writes: 0, reads: 0 });
  const pairs = Array.from({ length: activePairs }, make);
  return fromFunction({
    next: (process) => {
      const place = random.integer(0, activePairs - 1);
      if (pairs[place]!.reads >= readsPerPair) pairs[place] = make();
      const pair = pairs[place]!;
      const writes = !onlyReads(process, concurrency) && random.integer(0, 99) < writeShare;
      if (!writes || pair.writes === pair.keys.length) {
        if (pair.writes > 0) pair.reads++;
        return readBoth(pair.keys);
      }
      const value: MicroOp[] = [["w", pair.keys[pair.writes++]!, 1]];
      return { f: "txn", value };
    },
  });
}

function keysOf(pair: number): readonly [string, string] {
  return [`f${2 * pair}`, `f${2 * pair + 1}`];
}

function readBoth(keys: readonly string[]): Operation {
  return { f: "txn", value: keys.map((key): MicroOp => ["r", key, null]) };
}
