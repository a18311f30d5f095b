import { jointReached } from "../quorum.ts";
import type { Index, Membership, NodeId, Role, Term } from "../types.ts";

/**
 * The highest index that a majority holds durably (§3.5).
 * Why: any later leader needs a vote of that majority, and so holds the entry (§3.6.1).
 * Test: "replicatedByQuorum (§3.5)". Mutants: M11, M63.
 */
export function replicatedByQuorum(membership: Membership, matchIndex: (voter: NodeId) => Index): Index {
  return jointReached(membership, matchIndex);
}

/**
 * Counting copies commits only entries of the leader's own term; earlier ones are committed with them (§3.6.2).
 * Why: an old entry on a majority can still be overwritten by a server with a newer last term (Figure 8).
 * Test: "mayCommitByCounting (§3.6.2)". Mutants: M24.
 */
export function mayCommitByCounting(entryTerm: Term, currentTerm: Term): boolean {
  return entryTerm === currentTerm;
}

/**
 * A leader counts itself up to what its own disk holds (§10.2.1).
 * Why: it writes in parallel with sending, and may crash before its write is done.
 * Test: "ownMatchIndex (§10.2.1)". Mutants: M27.
 */
export function ownMatchIndex(durableIndex: Index, _lastIndex: Index): Index {
  return durableIndex;
}

/**
 * A follower commits what the leader has, but not beyond what this message verified (Figure 3.1).
 * Why: its log may go on behind that with entries that the leader does not have.
 * Test: "followerCommit (Figure 3.1)". Mutants: M23.
 */
export function followerCommit(leaderCommit: Index, verifiedIndex: Index): Index {
  return Math.min(leaderCommit, verifiedIndex);
}

/**
 * The state machine applies what is committed, nothing else (§3.5).
 * Why: everything else may still be replaced.
 * Test: "applyUpTo (§3.5)". Mutants: M26.
 */
export function applyUpTo(commitIndex: Index, _lastIndex: Index): Index {
  return commitIndex;
}

/**
 * After a restart nothing is known to be committed until a leader says so (§3.8).
 * Why: the end of the log may never have reached a majority.
 * Test: "commitAfterRestart (§3.8)". Mutants: M76.
 */
export function commitAfterRestart(_lastIndex: Index): Index {
  return 0;
}

/**
 * Only the leader appends, stamping its own term in the same step that checks its role (§3.3, §3.5).
 * Why: a term has one author; entries stamped by another make logs differ under equal positions.
 * Test: "mayAppend (§3.5)". Mutants: M34.
 */
export function mayAppend(role: Role, _leader: NodeId | null): boolean {
  return role === "leader";
}

/**
 * A request is answered by the very entry that it became, known by index and term (§6.3). It stops waiting when its leader
 * steps down, when the entry is replaced, and when one of another term turns out to stand there.
 * Why: its entry may be replaced from then on, and another client's stand at that index.
 * Test: "losesRequest (§6.3)". Mutants: M32.
 */
export function losesRequest(_cause: "step-down" | "entry-replaced" | "other-term"): boolean {
  return true;
}

/**
 * The outcome of a request whose leader lost its leadership: unknown, never failed (§6.3).
 * Why: the entry may be in other logs, and be committed later.
 * Test: "outcomeOfAbandoned (§6.3)". Mutants: M33.
 */
export function outcomeOfAbandoned(): "outcome-unknown" | "not-leader" {
  return "outcome-unknown";
}

/**
 * What is committed waits for a majority no more: its bytes are free for other commands (§10.2).
 * Why: a counter that only grows refuses every command in the end, on a cluster that is whole.
 * Test: "uncommittedAfterCommit (§10.2)". Mutants: M87.
 */
export function uncommittedAfterCommit(uncommittedBytes: number, committedBytes: number): number {
  return uncommittedBytes - committedBytes;
}

/**
 * A new leader counts the commands of its predecessors that it does not know to be committed (§10.2).
 * Why: leaders that follow each other without a majority would each add as much as one may.
 * Test: "uncommittedAtElection (§10.2)". Mutants: M87b.
 */
export function uncommittedAtElection(bytesBehindCommit: number): number {
  return bytesBehindCommit;
}

/**
 * An entry that was replaced does not become durable when the write that held it is done (§3.8).
 * Why: another entry stands at its index by then, which may not be on the disk yet, and is counted on.
 * Test: "limitsWritesUnderWay (§3.8)". Mutants: M88.
 */
export function limitsWritesUnderWay(): boolean {
  return true;
}
