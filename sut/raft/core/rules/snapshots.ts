import type { RaftLog } from "../log.ts";
import type { Index, LogPosition, Membership, Term } from "../types.ts";

/**
 * A snapshot is labelled with the last entry that its content has applied (§5.1).
 * Why: labelled earlier, entries are applied twice after it; labelled later, entries are missing for good.
 * Test: "snapshotIndex (§5.1)". Mutants: M72, M72b.
 */
export function snapshotIndex(lastApplied: Index, _commitIndex: Index): Index {
  return lastApplied;
}

/**
 * A snapshot carries the members as of its last entry (§5.1).
 * Why: the entries that tell of them are gone with the log; with other members, two majorities need not overlap.
 * Test: "snapshotMembership (§5.1)". Mutants: M65.
 */
export function snapshotMembership(log: RaftLog, index: Index): Membership {
  return log.membershipAt(index);
}

/**
 * The log is cut behind what a durable snapshot stands in for; some entries stay for followers that are only a little
 * behind, and so do those that a follower needs next when the snapshot on its way to it has arrived (§5.1.2, §5.1.3).
 * Why: entries that nothing else holds are lost with the log, and a log that is never cut fills memory and disk.
 * Test: "compactionIndex (§5.1.2)". Mutants: M74b, M79.
 */
export function compactionIndex(snapshot: Index, trailingEntries: number, onTheirWay: readonly Index[]): Index {
  return Math.max(0, Math.min(snapshot - trailingEntries, ...onTheirWay));
}

/**
 * A follower whose next entry is gone gets the snapshot (§5.3).
 * Why: what would be sent is not there, nor is the term that the follower must check before it.
 * Test: "needsSnapshot (§5.3)". Mutants: M75b.
 */
export function needsSnapshot(nextIndex: Index, base: Index): boolean {
  return nextIndex <= base;
}

/**
 * The term of the entry before those that are sent, also where only a snapshot still has it (§5.1, §5.3).
 * Why: a follower that holds that entry would refuse another term, for ever, and one that lacks it take what does not fit.
 * Test: "prevTerm (§5.1)". Mutants: M75.
 */
export function prevTerm(log: RaftLog, prevIndex: Index): Term {
  return log.termAt(prevIndex);
}

/**
 * A snapshot is installed only when it is ahead of what is committed here (§5.3).
 * Why: a late or repeated one would take back what was applied, and told to clients.
 * Test: "snapshotIsAhead (§5.3)". Mutants: M71.
 */
export function snapshotIsAhead(snapshot: Index, commitIndex: Index): boolean {
  return snapshot > commitIndex;
}

/**
 * The log behind a snapshot stays when it holds the snapshot's last entry; else all of it is void (§5.3, Figure 5.3).
 * Why: an equal entry proves that the log is equal up to there, and what follows may be acknowledged; after another one
 * follows what no leader will continue, and the snapshot would be sent again for ever.
 * Test: "keepsTail (§5.3)". Mutants: M70.
 */
export function keepsTail(log: RaftLog, snapshot: LogPosition): boolean {
  return snapshot.index >= log.base.index && log.has(snapshot);
}

/**
 * A leader takes only so many bytes that no majority has confirmed; one command alone always fits (§10.2).
 * Why: without a majority nothing can be compacted, and clients would fill its memory.
 * Test: "hasRoomFor (§10.2)". Mutants: M79b, M79c.
 */
export function hasRoomFor(bytes: number, uncommittedBytes: number, maxUncommittedBytes: number): boolean {
  return uncommittedBytes === 0 || uncommittedBytes + bytes <= maxUncommittedBytes;
}

/**
 * When a snapshot did not arrive, its follower is asked again what it has (§5.3).
 * Why: a follower that restarts forgets that it was getting one, and would get nothing more.
 * Test: "resumesAfterFailedTransfer (§5.3)". Mutants: M89.
 */
export function resumesAfterFailedTransfer(): boolean {
  return true;
}
