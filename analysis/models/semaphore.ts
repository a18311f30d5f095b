import { family, illegal, type Model, type ModelOperation } from "./model.ts";
import { claimIn, ownerObjection } from "./owner.ts";

/** Who holds a permit, in order; one that holds several stands in it several times. */
type Holders = readonly string[];

const defaultPermits = 2;

/** A lock that several may hold at a time, as many as there are permits. */
export const semaphoreModel = family(
  "semaphore",
  "a lock with 2 permits, or as many as the initial value says: acquire and release (value: the owner)",
  ({ initial }): Model<Holders> => {
    const permits = typeof initial === "number" ? initial : defaultPermits;
    return {
      name: "semaphore",
      init: [],
      step: (holders, operation) => step(holders, operation, permits),
      isPure: () => false,
      observes: () => true,
      objection: ownerObjection,
      describeState: (holders) =>
        holders.length === 0
          ? "all permits are free"
          : `${holders.length} of ${permits} permits are held, by ${holders.join(", ")}`,
      tell: ({ f, value }) => `${f === "acquire" ? "acquired" : "released"} a permit for ${claimIn(value)?.owner}`,
      whyNot: (holders, { f, value }) =>
        f === "acquire"
          ? `needs a free permit, all ${permits} are held by ${holders.join(", ")}`
          : `needs ${claimIn(value)?.owner} to hold a permit, ${holders.length === 0 ? "nobody does" : `${holders.join(", ")} do`}`,
    };
  },
);

function step(holders: Holders, { f, value }: ModelOperation, permits: number): Holders | typeof illegal {
  const owner = claimIn(value)?.owner;
  if (owner === undefined) return illegal;
  if (f === "acquire") return holders.length < permits ? [...holders, owner].sort() : illegal;
  const place = holders.indexOf(owner);
  return place < 0 ? illegal : holders.filter((_, at) => at !== place);
}
