import * as commit from "./rules/commit.ts";
import * as election from "./rules/election.ts";
import * as lease from "./rules/lease.ts";
import * as membership from "./rules/membership.ts";
import * as reads from "./rules/reads.ts";
import * as replication from "./rules/replication.ts";
import * as snapshots from "./rules/snapshots.ts";
import * as transfer from "./rules/transfer.ts";

/**
 * Every safety rule of Raft by name. The core is handed this record and asks nothing else, so that a variant with one
 * rule broken is this record with one entry replaced.
 */
export const rules = {
  ...election,
  ...replication,
  ...commit,
  ...reads,
  ...lease,
  ...transfer,
  ...membership,
  ...snapshots,
};

export type Rules = typeof rules;
