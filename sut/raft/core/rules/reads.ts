import { jointReached } from "../quorum.ts";
import type { Index, Membership, NodeId, ReadMode } from "../types.ts";

/**
 * A read is answered in the way that was asked for (§6.4).
 * Why: that a server takes itself for the leader proves nothing: another one may have been elected.
 * Test: "readPath (§6.4)". Mutants: M40.
 */
export function readPath(mode: ReadMode): ReadMode {
  return mode;
}

/**
 * The index that a read must see: all that is committed, and the start of the leader's own term (§6.4, step 1).
 * Why: until an entry of its own term is committed, a new leader does not know how far the old one had committed.
 * Test: "readFloor (§6.4)". Mutants: M42.
 */
export function readFloor(commitIndex: Index, termStartIndex: Index): Index {
  return Math.max(commitIndex, termStartIndex);
}

/**
 * A read is confirmed by a round of messages that began after it arrived (§6.4, step 3).
 * Why: earlier answers say nothing about a leader that may have been elected since.
 * Test: "roundForRead (§6.4)". Mutants: M41, M43b.
 */
export function roundForRead(lastRound: number): number {
  return lastRound + 1;
}

/**
 * The latest round that a majority has answered in this term (§6.4, step 3).
 * Why: that majority had not voted for another leader when the round began.
 * Test: "confirmedRound (§6.4)". Mutants: M11c.
 */
export function confirmedRound(membership: Membership, answered: (voter: NodeId) => number): number {
  return jointReached(membership, answered);
}

/**
 * A confirmed read waits until the state machine has reached its index (§6.4, step 4).
 * Why: committed is not applied.
 * Test: "readIsReady (§6.4)". Mutants: M44.
 */
export function readIsReady(lastApplied: Index, readIndex: Index): boolean {
  return lastApplied >= readIndex;
}

/**
 * A follower's read must see what the leader had committed, not what the follower knows of (§6.4).
 * Why: it learns of commits one message late, or not at all while it is cut off.
 * Test: "followerReadIndex (§6.4)". Mutants: M45.
 */
export function followerReadIndex(leaderReadIndex: Index, _ownCommitIndex: Index): Index {
  return leaderReadIndex;
}

/**
 * An answer confirms the reads that had arrived when its question was asked (§6.4).
 * Why: answers come late and twice, and one to an earlier question knows nothing of writes since.
 * Test: "answersQuestion (§6.4)". Mutants: M43.
 */
export function answersQuestion(answer: number, firstQuestionSince: number): boolean {
  return answer >= firstQuestionSince;
}

/**
 * A process marks its questions with a number of its own (§6.4).
 * Why: an answer that was meant for the process before would confirm reads that came after it.
 * Test: "runOfProcess (§6.4)". Mutants: M45b.
 */
export function runOfProcess(random: number): number {
  return Math.floor(random * Number.MAX_SAFE_INTEGER);
}
