import { type Clock, nowMs } from "../../../time/clock.ts";
import type { RaftState } from "../core/state.ts";
import type { Entry, HardState, Millis, Ref } from "../core/types.ts";
import { type RecordPlace, recordIsIntact } from "./storage/segment-format.ts";
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
};

export type Duties = typeof duties;
