import { jointVote, type VoteResult } from "../quorum.ts";
import type { HardState, LogPosition, Membership, NodeId, Role, Term } from "../types.ts";

/**
 * A server that sees a newer term adopts it and becomes a follower, whatever the message (§3.3).
 * Why: a leader that was replaced while it could not hear anybody must give up.
 * Test: "isNewerTerm (§3.3)". Mutants: M10.
 */
export function isNewerTerm(messageTerm: Term, currentTerm: Term, _role: Role): boolean {
  return messageTerm > currentTerm;
}

/**
 * A request of an older term is refused (§3.3).
 * Why: a replaced leader must not overwrite what its successor has committed.
 * Test: "isStaleTerm (§3.3)". Mutants: M09.
 */
export function isStaleTerm(messageTerm: Term, currentTerm: Term): boolean {
  return messageTerm < currentTerm;
}

/**
 * A refused request of an older term is answered, with the newer term (§3.3, §9.6).
 * Why: with Pre-Vote and stickiness nothing else tells a leader that a server is stuck in a newer term.
 * Test: "answersStaleRequests (§3.3)". Mutants: M14.
 */
export function answersStaleRequests(): boolean {
  return true;
}

/**
 * One vote a term, first come, first served (§3.4).
 * Why: with two votes of one server in a term, two leaders of that term are possible.
 * Test: "mayGrantVote (§3.4)". Mutants: M01.
 */
export function mayGrantVote(votedFor: NodeId | null, candidate: NodeId): boolean {
  return votedFor === null || votedFor === candidate;
}

/**
 * A voter refuses a candidate whose log is behind its own (§3.6.1).
 * Why: a leader then holds every committed entry. Terms compare first; length decides only within one term.
 * Test: "candidateLogIsUpToDate (§3.6.1)". Mutants: M06, M07.
 */
export function candidateLogIsUpToDate(candidate: LogPosition, own: LogPosition): boolean {
  if (candidate.term !== own.term) return candidate.term > own.term;
  return candidate.index >= own.index;
}

/**
 * A vote counts only for the campaign that it was asked for (§3.4).
 * Why: a late grant of an earlier term would be a second vote of that server in this one.
 * Test: "countsVote (§3.4)". Mutants: M08.
 */
export function countsVote(replyTerm: Term, campaignTerm: Term): boolean {
  return replyTerm === campaignTerm;
}

/**
 * An election is decided by a majority, of both sets while members change (§3.4, §4.3).
 * Why: two majorities always share a server, which votes once.
 * Test: "electionResult (§3.4)". Mutants: M11b, M63b.
 */
export function electionResult(membership: Membership, vote: (voter: NodeId) => boolean | undefined): VoteResult {
  return jointVote(membership, vote);
}

/**
 * A server that heard from a leader within the shortest election timeout gives no votes (§4.2.3, §9.6).
 * Why: a server that was cut off, or removed, must not depose a leader that everybody else can hear.
 * Test: "hasLiveLeader (§4.2.3)". Mutants: M13b.
 */
export function hasLiveLeader(role: Role, sinceLeaderContactMs: number, electionTimeoutMs: number): boolean {
  return role === "leader" || sinceLeaderContactMs < electionTimeoutMs;
}

/**
 * The election timer starts again when a leader was heard and when a vote was given, for nothing else (§3.4).
 * Why: a stale leader that is still heard would keep a connected majority from electing for ever.
 * Test: "restartsElectionTimer (§3.4)". Mutants: M16.
 */
export function restartsElectionTimer(cause: "leader-heard" | "vote-given" | "vote-refused" | "stale-leader"): boolean {
  return cause === "leader-heard" || cause === "vote-given";
}

/**
 * Before a server raises its term it asks whether it could be elected at all (§9.6).
 * Why: cut off, it would raise its term time after time, and depose a healthy leader when it is heard again.
 * Test: "asksBeforeCampaign (§9.6)". Mutants: M13.
 */
export function asksBeforeCampaign(preVote: boolean): boolean {
  return preVote;
}

/**
 * Election timeouts are drawn from [timeout, 2 × timeout] (§3.4).
 * Why: servers that time out together split the vote, again and again.
 * Test: "electionTimeout (§3.4)". Mutants: none; a knob makes it short.
 */
export function electionTimeout(electionTimeoutMs: number, random: number): number {
  return electionTimeoutMs * (1 + random);
}

/**
 * A leader that a majority has not answered within an election timeout steps down (§6.2).
 * Why: its clients wait in vain, and where only its own messages get through, nobody else can be elected.
 * Test: "hasQuorumContact (§6.2)". Mutants: M12.
 */
export function hasQuorumContact(membership: Membership, heardWithin: (voter: NodeId) => boolean): boolean {
  return jointVote(membership, heardWithin) === "won";
}

/**
 * Term and vote survive a restart as they were written (§3.8).
 * Why: forgotten, the server votes twice in a term, or follows a leader that it had already left.
 * Test: "hardStateAfterRestart (§3.8)". Mutants: M02, M03.
 */
export function hardStateAfterRestart(written: HardState): HardState {
  return written;
}

/**
 * A vote is heard by nobody before it is durable (§3.8).
 * Why: a crash in between lets the server vote again in the same term.
 * Test: "voteWaitsForDisk (§3.8)". Mutants: M02b.
 */
export function voteWaitsForDisk(): boolean {
  return true;
}
