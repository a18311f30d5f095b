import { family, illegal, type Model, type ModelOperation } from "./model.ts";
import { claimIn, ownerObjection } from "./owner.ts";

/** Who holds the lock, and how many times; null: nobody. */
type Held = { readonly owner: string; readonly holds: number } | null;

/** A lock that its owner may acquire again, and has to release as often. */
export const reentrantMutexModel = family(
  "reentrant-mutex",
  "a lock that its owner may acquire again: acquire and release (value: the owner)",
  (): Model<Held> => ({
    name: "reentrant-mutex",
    init: null,
    step,
    isPure: () => false,
    observes: () => true,
    objection: ownerObjection,
    describeState: (held) =>
      held === null ? "the lock is free" : `the lock is held by ${held.owner}, ${times(held.holds)}`,
    tell: ({ f, value }) => `${f === "acquire" ? "acquired" : "released"} the lock for ${claimIn(value)?.owner}`,
    whyNot: (held, { f, value }) => {
      const owner = claimIn(value)?.owner;
      const state = held === null ? "it is free" : `${held.owner} holds it`;
      return f === "acquire"
        ? `needs the lock to be free or held by ${owner}, ${state}`
        : `needs ${owner} to hold the lock, ${state}`;
    },
  }),
);

function step(held: Held, { f, value }: ModelOperation): Held | typeof illegal {
  const owner = claimIn(value)?.owner;
  if (owner === undefined || (held !== null && held.owner !== owner)) return illegal;
  if (f === "acquire") return { owner, holds: (held?.holds ?? 0) + 1 };
  if (held === null) return illegal;
  return held.holds === 1 ? null : { owner, holds: held.holds - 1 };
}

function times(holds: number): string {
  return holds === 1 ? "once" : `${holds} times`;
}
