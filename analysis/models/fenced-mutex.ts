import { family, illegal, type Model, type ModelOperation } from "./model.ts";
import { claimIn, ownerObjection } from "./owner.ts";

/** Who holds the lock, null: nobody; and the highest fencing token that was certainly given out. */
interface Fenced {
  readonly owner: string | null;
  readonly fence: number;
}

/** The lowest token there may be comes after that. */
const noToken = Number.MIN_SAFE_INTEGER;

/** Nothing that a reader knows: no token, or one that was counted up from there, as no answer told it. */
function isUntold(fence: number): boolean {
  return fence < 0;
}

/**
 * A lock that gives a higher fencing token to every new holder. Where the token is not told it is taken for the lowest
 * that is possible, which allows every later one that any other would.
 */
export const fencedMutexModel = family(
  "fenced-mutex",
  "a lock with tokens that only grow: acquire (answers [owner, token]) and release (value: the owner)",
  ({ initial }): Model<Fenced> => ({
    name: "fenced-mutex",
    init: { owner: null, fence: typeof initial === "number" ? initial : noToken },
    step,
    isPure: () => false,
    observes: () => true,
    objection: ownerObjection,
    describeState: ({ owner, fence }) =>
      `the lock is ${owner === null ? "free" : `held by ${owner}`}${isUntold(fence) ? "" : `, its last token is ${fence}`}`,
    tell: ({ f, value }) => {
      const claim = claimIn(value);
      const token = claim?.fence == null ? "" : ` with token ${claim.fence}`;
      return `${f === "acquire" ? "acquired" : "released"} the lock for ${claim?.owner}${f === "acquire" ? token : ""}`;
    },
    whyNot: ({ owner, fence }, { f, value }) => {
      const claim = claimIn(value);
      const state = owner === null ? "it is free" : `${owner} holds it`;
      if (f === "release") return `needs ${claim?.owner} to hold the lock, ${state}`;
      return owner === null
        ? `got token ${claim?.fence}, which is not above ${fence}`
        : `needs the lock to be free, ${state}`;
    },
  }),
);

function step({ owner: holder, fence: last }: Fenced, operation: ModelOperation): Fenced | typeof illegal {
  const { f, asked, value, outcome } = operation;
  const claim = claimIn(value);
  if (claim === null || (claimIn(asked)?.owner ?? claim.owner) !== claim.owner) return illegal;
  if (f === "release") return holder === claim.owner ? { owner: null, fence: last } : illegal;
  if (holder !== null) return illegal;
  const told = outcome === "ok" ? claim.fence : null;
  if (told !== null && told <= last) return illegal;
  return { owner: claim.owner, fence: told ?? last + 1 };
}
