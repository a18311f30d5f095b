import { type Attempt, givenUp, outcomeOf, refused, untilUndisturbed } from "./attempts.ts";
import { lockLoad } from "./lock-keys.ts";
import type { Workload } from "./workload.ts";

/** As many processes may hold a semaphore at a time; the model has the same default. */
const permits = 2;

/** Semaphores of two permits. */
export const semaphore: Workload = {
  name: "semaphore",
  description: "semaphores of two permits: never three holders at a time",
  operations: ["read", "cas"],
  checkers: ["linearizable-semaphore", "statistics", "availability"],
  generator: ({ random }) => lockLoad({ prefix: "sm", usesPerKey: 60, random }),
  perform: (client, { f, key, value }, timeoutMs, clock) =>
    untilUndisturbed(client, timeoutMs, clock, (attempt) =>
      change(attempt, key!, value as number, f === "acquire" ? taken : given),
    ),
  finalReads: () => [],
};

type Holders = readonly number[];

/** Who holds a permit afterwards; null where that cannot be. */
type Change = (holders: Holders, owner: number) => Holders | null;

const taken: Change = (holders, owner) => (holders.length < permits ? [...holders, owner] : null);
const given: Change = (holders, owner) =>
  holders.includes(owner) ? holders.filter((holder) => holder !== owner) : null;

async function change(attempt: Attempt, key: string, owner: number, changed: Change) {
  const read = await attempt.call({ f: "read", key, value: null });
  if (read.type !== "ok") return givenUp(read);
  const next = changed((read.value ?? []) as Holders, owner);
  if (next === null) return refused("cas-mismatch", read.node);
  return outcomeOf(await attempt.call({ f: "cas", key, value: [read.value ?? null, next] }), owner);
}
