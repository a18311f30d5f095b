import { type Attempt, givenUp, outcomeOf, refused, untilUndisturbed } from "./attempts.ts";
import { lockLoad } from "./lock-keys.ts";
import type { Workload } from "./workload.ts";

/** The process that holds a lock, and how many times; null: nobody. */
type Held = readonly [owner: number, holds: number] | null;

const mostHolds = 3;

/** Locks that their holder may take again, and gives back as often. */
export const reentrantLock: Workload = {
  name: "reentrant-lock",
  description:
    "locks that their holder may take again: never two holders at a time, and free only when given back as often",
  operations: ["read", "cas"],
  checkers: ["linearizable-reentrant-mutex", "statistics", "availability"],
  generator: ({ random }) =>
    lockLoad({
      prefix: "rl",
      usesPerKey: 60,
      random,
      acquiresAgain: (holds) => holds < mostHolds && random.integer(0, 2) === 0,
    }),
  perform: (client, { f, key, value }, timeoutMs, clock) =>
    untilUndisturbed(client, timeoutMs, clock, (attempt) =>
      change(attempt, f === "acquire" ? 1 : -1, key!, value as number),
    ),
  finalReads: () => [],
};

async function change(attempt: Attempt, by: 1 | -1, key: string, owner: number) {
  const read = await attempt.call({ f: "read", key, value: null });
  if (read.type !== "ok") return givenUp(read);
  const held = read.value as Held;
  if (held === null ? by < 0 : held[0] !== owner) return refused("cas-mismatch", read.node);
  const holds = (held?.[1] ?? 0) + by;
  const next: Held = holds === 0 ? null : [owner, holds];
  return outcomeOf(await attempt.call({ f: "cas", key, value: [held, next] }), owner);
}
