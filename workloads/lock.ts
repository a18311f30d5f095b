import type { HistoryEvent } from "../history/event.ts";
import { outcomeOf, refused } from "./attempts.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

/**
 * Locks, taken by setting an absent key to one's own name and given back by setting it to absent. A lock whose state
 * became uncertain is left for a new one: it may be held for ever by somebody who does not know it.
 */
export const lock: Workload = {
  name: "lock",
  description: "locks taken and given back: never two holders at a time",
  operations: ["cas"],
  checkers: ["lock", "linearizable-mutex", "statistics", "availability"],
  generator: lockGenerator,
  perform: async (client, { f, key, value }, timeoutMs) => {
    const exchange = f === "acquire" ? [null, value] : [value, null];
    const change = await client.invoke({ f: "cas", key: key!, value: exchange }, timeoutMs);
    return outcomeOf(change, value) ?? refused("cas-mismatch", change.node);
  },
  finalReads: () => [],
};

function lockGenerator({ random }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "l", active: 3, usesPerKey: 80, random });
  const held = new Map<number, string>();
  return fromFunction({
    next: (process) => {
      const key = held.get(process);
      if (key === undefined) return { f: "acquire", key: keys.use(), value: process };
      return { f: "release", key, value: process };
    },
    hear: ({ process, type, f, key }: HistoryEvent) => {
      if (typeof process !== "number" || key === undefined || type === "invoke") return;
      if (type === "info") keys.retire(key);
      if (f === "acquire" && type === "ok") held.set(process, key);
      else if (f === "release" && type !== "fail") held.delete(process);
      else if (f === "release") giveUp(held, keys, process, key);
    },
  });
}

/** A release that was refused: the lock is somebody else's, or was never reached; another try would tell no more. */
function giveUp(held: Map<number, string>, keys: RotatingKeys, process: number, key: string): void {
  held.delete(process);
  keys.retire(key);
}
