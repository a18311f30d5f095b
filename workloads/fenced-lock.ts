import { type Attempt, givenUp, outcomeOf, refused, untilUndisturbed } from "./attempts.ts";
import { lockLoad } from "./lock-keys.ts";
import type { Workload } from "./workload.ts";

/** The process that holds a lock, null: nobody; and the token of its last holder. */
type Fenced = readonly [owner: number | null, token: number];

/** Locks that give every holder a higher token than the one before. */
export const fencedLock: Workload = {
  name: "fenced-lock",
  description: "locks that give out tokens: never two holders at a time, and every token is higher than the last",
  operations: ["read", "cas"],
  checkers: ["linearizable-fenced-mutex", "statistics", "availability"],
  generator: ({ random }) => lockLoad({ prefix: "fl", usesPerKey: 60, random }),
  perform: (client, { f, key, value }, timeoutMs, clock) =>
    untilUndisturbed(client, timeoutMs, clock, (attempt) =>
      f === "acquire" ? acquire(attempt, key!, value as number) : release(attempt, key!, value as number),
    ),
  finalReads: () => [],
};

async function acquire(attempt: Attempt, key: string, owner: number) {
  const read = await attempt.call({ f: "read", key, value: null });
  if (read.type !== "ok") return givenUp(read);
  const held = read.value as Fenced | null;
  if (held !== null && held[0] !== null) return refused("cas-mismatch", read.node);
  const next: Fenced = [owner, (held?.[1] ?? 0) + 1];
  return outcomeOf(await attempt.call({ f: "cas", key, value: [held, next] }), next);
}

async function release(attempt: Attempt, key: string, owner: number) {
  const read = await attempt.call({ f: "read", key, value: null });
  if (read.type !== "ok") return givenUp(read);
  const held = read.value as Fenced | null;
  if (held?.[0] !== owner) return refused("cas-mismatch", read.node);
  const next: Fenced = [null, held[1]];
  return outcomeOf(await attempt.call({ f: "cas", key, value: [held, next] }), owner);
}
