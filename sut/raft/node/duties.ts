import { type Clock, nowMs } from "../../../time/clock.ts";
import type { RaftState } from "../core/state.ts";
import type { Entry, HardState, Index, Millis, Ref } from "../core/types.ts";
import { type RecordPlace, recordIsIntact } from "./storage/segment-format.ts";
import type { SnapshotTrailer } from "./storage/snapshot-format.ts";
import { whyNotTorn } from "./storage/torn-write.ts";

/**
 * A write is durable when the disk has said so, and not before (§3.8).
 * Why: what the kernel still holds is gone when the power fails, and others counted on it.
 * Test: "syncsBeforeDurable (§3.8)". Mutants: M29.
 */
export function syncsBeforeDurable(): boolean {
  return true;
}

/**
 * A new file of the log begins with the term and vote of then (§3.8, §5.1).
 * Why: the files before it, which also told of them, go with the next snapshot.
 * Test: "hardStateOfSegment (§3.8)". Mutants: M04.
 */
export function hardStateOfSegment(hard: HardState): HardState {
  return hard;
}

/**
 * A record counts when all of it is as it was written, by its checksum and its end (§3.8).
 * Why: of a write that a crash cut short anything may be on the disk, and nothing of it was promised.
 * Test: "isIntact (§3.8)". Mutants: M77.
 */
export function isIntact(record: Buffer, bodyCrc: number, chain: number): boolean {
  return recordIsIntact(record, bodyCrc, chain);
}

/**
 * Only what a crash can have left of the very last write is cut off; with any other damage the node does not start (§3.8).
 * Why: what was promised may have been in it, and a node that forgets that takes part in another majority.
 * Test: "damageAtEnd (§3.8)". Mutants: M77b.
 */
export function damageAtEnd(rest: Buffer, end: RecordPlace, syncedTo: number): string | null {
  const damage = whyNotTorn(rest, end);
  if (damage !== null || end.offset >= syncedTo) return damage;
  return `the record is missing, but the log was synced up to byte ${syncedTo}`;
}

/**
 * A snapshot gets its name, and with that the log before it goes, when all of it is durable (§5.1.3).
 * Why: a crash in between leaves neither the log nor what was to stand in for it.
 * Test: "syncsSnapshotFirst (§5.1.3)". Mutants: M74.
 */
export function syncsSnapshotFirst(): boolean {
  return true;
}

/**
 * Requests that are answered as soon as their entries are in the leader's log: none (§3.5).
 * Why: only a majority makes an entry last, and only applying it tells the result.
 * Test: "answeredWhenAppended (§3.5)". Mutants: M25.
 */
export function answeredWhenAppended(_entries: readonly Entry[], _state: RaftState): readonly Ref[] {
  return [];
}

/**
 * A command enters the log once for each time that its client sent it (§6.3).
 * Why: without a session nothing tells the second from a new one.
 * Test: "timesProposed (§6.3)". Mutants: M83.
 */
export function timesProposed(): number {
  return 1;
}

/**
 * Events are dated by a clock that never jumps (§6.4.1).
 * Why: leases compare such times, and a clock that is set back makes them last.
 * Test: "eventTimeMs (§6.4.1)". Mutants: M49.
 */
export function eventTimeMs(clock: Clock, _timeOfDayMs: () => Millis): Millis {
  return nowMs(clock);
}

/**
 * A segment of the log is removed when all of its entries are in the snapshot (§5.1.2).
 * Why: the log must go on right behind the snapshot; with a gap the node does not start any more.
 * Test: "segmentIsSuperfluous (§5.1.2)". Mutants: M74c.
 */
export function segmentIsSuperfluous(nextFirstIndex: Index, snapshotIndex: Index): boolean {
  return nextFirstIndex <= snapshotIndex + 1;
}

/**
 * The name of a new segment is durable before anything is written behind it (§3.8).
 * Why: without its name a loss of power takes the file, and all that was synced into it.
 * Test: "syncsSegmentName (§3.8)". Mutants: M29b.
 */
export function syncsSegmentName(): boolean {
  return true;
}

/**
 * What a process finds in the log is synced before it is counted on (§3.8).
 * Why: the process before may have ended before its own sync, and left it in the cache alone.
 * Test: "syncsFoundLog (§3.8)". Mutants: M29c.
 */
export function syncsFoundLog(): boolean {
  return true;
}

/**
 * What a torn write left behind the log's end is overwritten with zeros (§3.8).
 * Why: behind the next record it would pass for damage, and keep the node from starting.
 * Test: "clearsTornTail (§3.8)". Mutants: M77c.
 */
export function clearsTornTail(): boolean {
  return true;
}

/**
 * The name of a snapshot is durable before the log that it stands in for is removed (§5.1.3).
 * Why: a loss of power would take the name, and leave neither.
 * Test: "syncsSnapshotName (§5.1.3)". Mutants: M74d.
 */
export function syncsSnapshotName(): boolean {
  return true;
}

/**
 * A snapshot that was received is installed only if its bytes and their digest are those that were announced (§5.3).
 * Why: a bit that flipped on the way would be part of the state from then on.
 * Test: "isAsAnnounced (§5.3)". Mutants: M78.
 */
export function isAsAnnounced(received: SnapshotTrailer, announced: SnapshotTrailer): boolean {
  return received.digest === announced.digest && received.bytes === announced.bytes;
}

/**
 * Of two snapshots that are restored at the same time, the later one becomes the state (§5.3).
 * Why: the earlier may be read more slowly, and its state would take the place of a newer one.
 * Test: "becomesState (§5.3)". Mutants: M78b.
 */
export function becomesState(isLatest: boolean): boolean {
  return isLatest;
}

/**
 * Entries behind a snapshot are applied when it is restored (§5.3).
 * Why: applied to the state of before, they are gone with it.
 * Test: "waitsForRestore (§5.3)". Mutants: M78c.
 */
export function waitsForRestore(): boolean {
  return true;
}

/**
 * A snapshot counts as applied when the state is the one that it holds (§5.3, §6.4).
 * Why: a read that waits for its index would be answered from the state of before.
 * Test: "appliedWhenRestored (§5.3)". Mutants: M78d.
 */
export function appliedWhenRestored(): boolean {
  return true;
}

/** What Raft relies on in whoever drives the core, by name, so that a variant with one broken is this with one replaced. */
export const duties = {
  syncsBeforeDurable,
  hardStateOfSegment,
  isIntact,
  damageAtEnd,
  syncsSnapshotFirst,
  answeredWhenAppended,
  timesProposed,
  eventTimeMs,
  segmentIsSuperfluous,
  syncsSegmentName,
  syncsFoundLog,
  clearsTornTail,
  syncsSnapshotName,
  isAsAnnounced,
  becomesState,
  waitsForRestore,
  appliedWhenRestored,
};

export type Duties = typeof duties;
