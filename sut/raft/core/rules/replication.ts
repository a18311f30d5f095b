import type { RaftLog } from "../log.ts";
import type { Entry, Index, LogPosition, Term } from "../types.ts";

/**
 * Entries are accepted only behind the entry that the leader's log has there (§3.5).
 * Why: by induction the logs are then equal up to there (Log Matching).
 * Test: "prevMatches (§3.5)". Mutants: M20.
 */
export function prevMatches(log: RaftLog, prev: LogPosition): boolean {
  return log.has(prev);
}

/**
 * The first sent entry that the log lacks or holds with another term; everything from there on is replaced (§3.5).
 * Null: the log has them all. An old message must not shorten the log, so equal entries stay, and what follows them.
 * Test: "firstMissing (§3.5)". Mutants: M21.
 */
export function firstMissing(log: RaftLog, entries: readonly Entry[]): Index | null {
  return entries.find((entry) => !log.has(entry))?.index ?? null;
}

/**
 * An acknowledgement of entries leaves when they are durable (§3.8).
 * Why: the leader counts it towards a majority that must survive crashes.
 * Test: "appendAckWaitsForDisk (§3.8)". Mutants: M28.
 */
export function appendAckWaitsForDisk(): boolean {
  return true;
}

/**
 * A heartbeat is answered at once, and vouches only for what is durable already (§3.8, §10.2.1).
 * Why: heartbeats must not wait behind a slow disk, and must not promise what it has not written.
 * Test: "heartbeatMatch (§10.2.1)". Mutants: M28b.
 */
export function heartbeatMatch(prevIndex: Index, durableIndex: Index): Index {
  return Math.min(prevIndex, durableIndex);
}

/**
 * Where a follower says that the logs may agree, when the entry before the new ones is missing (§3.5).
 * Why: it skips all its entries of terms that the leader cannot have there, so repair takes O(terms) probes.
 * Test: "conflictHint (§3.5)". Mutants: M37b.
 */
export function conflictHint(log: RaftLog, prev: LogPosition): LogPosition {
  return log.lastNotAfter(prev.index, prev.term);
}

/**
 * Where a leader probes next after a refusal: the last place where both logs can agree by their terms (§3.5).
 * Why: it skips all its entries of terms that the follower cannot have there.
 * Test: "nextProbe (§3.5)". Mutants: M37.
 */
export function nextProbe(log: RaftLog, rejectedPrev: Index, hint: LogPosition): Index {
  const agreeAt = log.lastNotAfter(hint.index, hint.term).index;
  return Math.max(1, Math.min(rejectedPrev, agreeAt + 1));
}

/**
 * A refusal answers in the term that was asked in, which may be older than the one that it tells (§3.5, §6.4).
 * Why: a leader that is elected again would take refusals of its former messages for answers to its new ones, and take its
 * reads for confirmed by rounds that have not begun.
 * Test: "refusalConcernsTerm (§6.4)". Mutants: M43c.
 */
export function refusalConcernsTerm(refusedTerm: Term, currentTerm: Term): boolean {
  return refusedTerm === currentTerm;
}

/**
 * A refusal proves no match; only an acceptance moves a follower's match index (§3.5).
 * Why: a hint speaks of lengths and terms, and the entries there may differ.
 * Test: "matchAfterRejection (§3.5)". Mutants: M30.
 */
export function matchAfterRejection(matchIndex: Index, _hint: LogPosition): Index {
  return matchIndex;
}

/**
 * The appends still under way once a follower has reached `matchIndex`, by their last index (§10.2.2).
 * Why: slots that are never freed end in a follower that is never sent to again.
 * Test: "stillInFlight (§10.2.2)". Mutants: M35.
 */
export function stillInFlight(inFlight: readonly Index[], matchIndex: Index): Index[] {
  return inFlight.filter((lastIndex) => lastIndex > matchIndex);
}

/**
 * What a follower has confirmed stays confirmed, in whatever order its answers arrive (§3.5).
 * Why: an old answer would take back what was counted for a commit, and entries be sent again.
 * Test: "matchAfterAcceptance (§3.5)". Mutants: M30b.
 */
export function matchAfterAcceptance(matchIndex: Index, confirmed: Index): Index {
  return Math.max(matchIndex, confirmed);
}
