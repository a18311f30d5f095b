import { rules } from "../core/rules.ts";
import { kvRules } from "../kv/rules.ts";
import { duties } from "../node/duties.ts";
import { commitMutants } from "./commit.ts";
import { electionMutants } from "./election.ts";
import { leaseMutants } from "./lease.ts";
import { membershipMutants } from "./membership.ts";
import type { Mutant } from "./mutant.ts";
import { readMutants } from "./reads.ts";
import { replicationMutants } from "./replication.ts";
import { sessionMutants } from "./sessions.ts";
import { snapshotMutants } from "./snapshots.ts";
import { storageMutants } from "./storage.ts";
import { transferMutants } from "./transfer.ts";

/** Every mutant, by id. */
export const mutants: readonly Mutant[] = [
  ...electionMutants,
  ...replicationMutants,
  ...commitMutants,
  ...readMutants,
  ...leaseMutants,
  ...membershipMutants,
  ...snapshotMutants,
  ...storageMutants,
  ...sessionMutants,
  ...transferMutants,
].sort((one, other) => (one.id < other.id ? -1 : 1));

/** What a node goes by. */
export interface Conduct {
  readonly rules: typeof rules;
  readonly duties: typeof duties;
  readonly kvRules: typeof kvRules;
}

/** What a correct node goes by, or a mutant. Throws RangeError for an id that there is not. */
export function conductOf(id?: string): Conduct {
  if (id === undefined) return { rules, duties, kvRules };
  const mutant = mutants.find((known) => known.id === id);
  if (mutant === undefined) {
    throw new RangeError(`there is no mutant ${id}; expected one of ${mutants.map((known) => known.id).join(", ")}`);
  }
  return {
    rules: { ...rules, ...mutant.rules },
    duties: { ...duties, ...mutant.duties },
    kvRules: { ...kvRules, ...mutant.kvRules },
  };
}
