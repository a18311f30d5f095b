import type { RaftLog } from "../log.ts";
import { isJoint, isVoter } from "../membership.ts";
import type { Index, Membership, NodeId, Term } from "../types.ts";

/**
 * A leader changes the members only once it has committed an entry of its own term (§4.1, erratum of 2015).
 * Why: a change that an earlier leader left behind may still be in one log; with both, two majorities need not overlap.
 * Test: "hasCommittedInTerm (§4.1)". Mutants: M60.
 */
export function hasCommittedInTerm(committedTerm: Term, currentTerm: Term): boolean {
  return committedTerm === currentTerm;
}

/**
 * One change at a time: the latest entry about the members is committed, and no joint configuration remains to be left (§4.1).
 * Why: neighbouring sets of voters overlap in every majority, sets that are two changes apart need not.
 * Test: "noChangeUnderWay (§4.1)". Mutants: M61.
 */
export function noChangeUnderWay(latestConfig: Index, membership: Membership, commitIndex: Index): boolean {
  return latestConfig <= commitIndex && !isJoint(membership);
}

/**
 * Voters change at once only if at most one of them is added or removed; else both sets decide for a while (§4.1, §4.3).
 * Why: servers switch at different times, and then any majority of the old and any of the new set must share a server.
 * Test: "votersMayFollowAtOnce (§4.1)". Mutants: M62.
 */
export function votersMayFollowAtOnce(before: readonly NodeId[], after: readonly NodeId[]): boolean {
  const added = after.filter((voter) => !before.includes(voter));
  const removed = before.filter((voter) => !after.includes(voter));
  return added.length + removed.length <= 1;
}

/**
 * A joint configuration is left when its entry is committed, by the leader of that moment (§4.3).
 * Why: before, a server may still decide with the old voters alone; never left, both majorities are needed for ever.
 * Test: "leavesJoint (§4.3)". Mutants: M69, M69b.
 */
export function leavesJoint(membership: Membership, latestConfig: Index, commitIndex: Index): boolean {
  return isJoint(membership) && membership.autoLeave && latestConfig <= commitIndex;
}

/**
 * Those whose logs decide about commits: voters of the latest membership, and nobody else, the leader included (§4.2.2).
 * Why: a leader that removes itself manages a cluster that it is no part of; its copy is none of that cluster's.
 * Test: "countedForCommit (§4.2.2)". Mutants: M66, M67.
 */
export function countedForCommit(membership: Membership, _leader: NodeId): Membership {
  return membership;
}

/**
 * A leader that is no voter any more steps down once the membership without it is committed, not before (§4.2.2).
 * Why: until then nobody else may be able to win, if only its log has the change.
 * Test: "stepsDownAsRemoved (§4.2.2)". Mutants: none; it would lead on, without being counted.
 */
export function stepsDownAsRemoved(
  leader: NodeId,
  membership: Membership,
  latestConfig: Index,
  commitIndex: Index,
): boolean {
  return !isVoter(membership, leader) && latestConfig <= commitIndex;
}

/**
 * Voters campaign, by the latest membership, or by the one before while the latest is not known to be committed (§4.2.2).
 * Why: learners and removed servers only disturb. But of two voters the one that has the removal of itself in its log,
 * and the other not, is the only one that can win, and so finish it (Figure 4.6).
 * Test: "mayCampaign (§4.2.2)". Mutants: M67b.
 */
export function mayCampaign(log: RaftLog, commitIndex: Index, server: NodeId): boolean {
  const { index, membership } = log.latestConfig;
  if (isVoter(membership, server)) return true;
  return index > commitIndex && isVoter(log.membershipAt(index - 1), server);
}

/**
 * A server that is asked for its vote answers by term and log, whatever its own log says of who votes (§4.1).
 * Why: that it was made a voter, or the candidate a member, may be committed without having reached it.
 * Test: "answersAsVoter (§4.1)". Mutants: M68.
 */
export function answersAsVoter(_membership: Membership, _voter: NodeId, _candidate: NodeId): boolean {
  return true;
}

/**
 * A learner is made a voter once it answers, and lacks no more than one message of entries (§4.2.1).
 * Why: a voter that is far behind is needed for majorities, and cannot help to form them until it has caught up.
 * Test: "learnerHasCaughtUp (§4.2.1)". Mutants: none; it costs availability only.
 */
export function learnerHasCaughtUp(
  learner: { readonly matchIndex: Index; readonly sinceAnswerMs: number },
  lastIndex: Index,
  limits: { readonly maxEntriesPerAppend: number; readonly electionTimeoutMs: number },
): boolean {
  const { matchIndex, sinceAnswerMs } = learner;
  const isClose = matchIndex > 0 && lastIndex - matchIndex <= limits.maxEntriesPerAppend;
  return isClose && sinceAnswerMs < limits.electionTimeoutMs;
}

/**
 * When an entry about the members is replaced, the members are those of before again (§4.1).
 * Why: a change that was never committed would go on to decide who makes a majority.
 * Test: "membersFallBack (§4.1)". Mutants: M65b.
 */
export function membersFallBack(): boolean {
  return true;
}
