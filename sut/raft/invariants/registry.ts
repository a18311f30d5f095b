import { bounds, monotone } from "./bounds.ts";
import { committedPrefixes, stateMachineSafety } from "./commits.ts";
import { campaignCause, electionSafety, leaseExclusion, timersAndOwnVote } from "./elections.ts";
import type { Invariant } from "./invariant.ts";
import { leaderAppendOnly, leaderCompleteness, logMatching, logTerms } from "./logs.ts";
import { matchMonotone, matchTruth } from "./matches.ts";
import { configIsLatest, oneConfigInFlight } from "./members.ts";
import { committedIsDurable, quorumLog } from "./quorums.ts";
import { repairByTerms } from "./repair.ts";
import { ackTruth, readFloor } from "./requests.ts";
import { sessionOnce, snapshotTruth } from "./state-machines.ts";
import { noLoss, recoverable } from "./storage.ts";
import { voteOnce } from "./votes.ts";

/**
 * Every invariant, in the order in which they look at a step: those that others rest on come first, so that a violation
 * is told by its cause. What is committed is noted by I6, before those that ask for it.
 */
export const invariants = [
  electionSafety,
  voteOnce,
  monotone,
  noLoss,
  logMatching,
  leaderAppendOnly,
  logTerms,
  bounds,
  matchTruth,
  matchMonotone,
  committedIsDurable,
  committedPrefixes,
  leaderCompleteness,
  quorumLog,
  stateMachineSafety,
  configIsLatest,
  oneConfigInFlight,
  timersAndOwnVote,
  leaseExclusion,
  readFloor,
  ackTruth,
  sessionOnce,
  snapshotTruth,
  repairByTerms,
  recoverable,
  campaignCause,
] as const satisfies readonly Invariant[];
