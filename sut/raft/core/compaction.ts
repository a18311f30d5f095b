import type { Event } from "./events.ts";
import { invariant } from "./invariant.ts";
import type { Rules } from "./rules.ts";
import type { RaftState } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { Index, SnapshotMeta } from "./types.ts";

/**
 * What a snapshot of the state machine stands in for that has applied everything up to `lastApplied` (§5.1). Null while
 * nobody here knows who the members were then: a server that is being added has the log before the entry that says so, and
 * with its snapshot a member would forget that it is one.
 */
export function snapshotAt(state: RaftState, lastApplied: Index, rules: Rules): SnapshotMeta | null {
  const { log } = state;
  const index = rules.snapshotIndex(lastApplied, state.commitIndex);
  const membership = rules.snapshotMembership(log, index);
  return membership.incoming.length === 0 ? null : { index, term: log.termAt(index), membership };
}

/** A snapshot of this node's own is durable: the log before it may go (§5.1). */
export function onSnapshotMade(turn: Turn, event: Extract<Event, { type: "snapshot-made" }>): void {
  adoptSnapshot(turn, event.snapshot);
}

/** Counts on a durable snapshot of what is committed here. One that is no newer than the last changes nothing. */
export function adoptSnapshot(turn: Turn, snapshot: SnapshotMeta): void {
  const { state } = turn;
  const { log } = state;
  if (snapshot.index <= (state.snapshot?.index ?? 0)) return;
  invariant(log.termAt(snapshot.index) === snapshot.term, "a snapshot ends with an entry of the log", {
    snapshot: { index: snapshot.index, term: snapshot.term },
    term: log.termAt(snapshot.index),
  });
  state.snapshot = snapshot;
  cutLog(turn);
  turn.emit({ type: "compact", through: snapshot.index });
}

/** Forgets the entries that the latest snapshot stands in for, as far as nobody is about to need them (§5.1.2). */
export function cutLog({ state, rules }: Turn): void {
  const { log, snapshot, config } = state;
  if (snapshot === null) return;
  const index = rules.compactionIndex(snapshot.index, config.trailingEntries, snapshotsOnTheirWay(state));
  if (index > log.base.index) log.compactTo(index);
}

const none: readonly Index[] = [];

/** The last indexes of the snapshots that followers are getting now. */
export function snapshotsOnTheirWay({ leadership }: RaftState): readonly Index[] {
  if (leadership === null) return none;
  let found = none;
  for (const { snapshotIndex } of leadership.progress.values()) {
    if (snapshotIndex !== null) found = [...found, snapshotIndex];
  }
  return found;
}
