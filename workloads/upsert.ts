import { Attempt, givenUp, outcomeOf, refused } from "./attempts.ts";
import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const readShare = 30;

/** Entities under keys, created by a client that finds none: no key ever has two. */
export const upsert: Workload = {
  name: "upsert",
  description: "entities created where there is none: every key has one at most",
  operations: ["read", "cas"],
  checkers: ["upsert", "statistics", "availability"],
  generator: upsertGenerator,
  perform: async (client, operation, timeoutMs, clock) => {
    const attempt = new Attempt(client, timeoutMs, clock);
    const read = await attempt.call({ f: "read", key: operation.key!, value: null });
    if (operation.f === "read") return read.type === "ok" ? { ...read, value: read.value ?? [] } : read;
    if (read.type !== "ok") return givenUp(read);
    if (read.value !== null) return refused("cas-mismatch", read.node);
    const created = await attempt.call({ f: "cas", key: operation.key!, value: [null, [operation.value]] });
    return outcomeOf(created, operation.value) ?? refused("cas-mismatch", created.node);
  },
  finalReads: readsOf,
};

function upsertGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "u", active: 2, usesPerKey: 12, random });
  let lastEntity = 0;
  return fromFunction({
    next: (process) => {
      const key = keys.use();
      if (onlyReads(process, concurrency) || random.integer(0, 99) < readShare) return { f: "read", key, value: null };
      lastEntity += 1;
      return { f: "upsert", key, value: lastEntity };
    },
  });
}
