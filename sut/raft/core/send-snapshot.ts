import { cutLog } from "./compaction.ts";
import type { Event } from "./events.ts";
import { invariant } from "./invariant.ts";
import type { Progress } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** The follower's next entry is gone: it gets the latest snapshot, and no entries until that is over (§5.3). */
export function beginSnapshotTo(turn: Turn, to: NodeId, progress: Progress): void {
  const { snapshot, log, term } = turn.state;
  invariant(
    snapshot !== null && snapshot.index >= log.base.index,
    "a snapshot stands in for the entries that are gone",
    {
      snapshot: snapshot?.index,
      base: log.base.index,
    },
  );
  progress.mode = "snapshot";
  progress.snapshotIndex = snapshot.index;
  progress.inFlight = [];
  turn.emit({ type: "send-snapshot", to, term, snapshot });
}

/** The follower has what it needs to be sent entries again, or the snapshot: sends what it lacks behind that. */
export function endSnapshotOnMatch(turn: Turn, progress: Progress): void {
  const { log } = turn.state;
  const { snapshotIndex, matchIndex } = progress;
  if (snapshotIndex === null || (matchIndex < snapshotIndex && matchIndex < log.base.index)) return;
  progress.snapshotIndex = null;
  progress.mode = "replicate";
}

/** All of the snapshot was taken over by the follower's node: looks whether entries fit behind it. */
export function onSnapshotSent(turn: Turn, { to, index }: Extract<Event, { type: "snapshot-sent" }>): void {
  const progress = endTransfer(turn, to, index);
  if (progress === null) return;
  progress.nextIndex = Math.max(progress.matchIndex, index) + 1;
  progress.probing = false;
}

/**
 * The transfer came to nothing, so the log need not wait for it any more. Another one begins when the follower answers a heartbeat, and so at most once each: at
 * once it might fail just the same.
 */
export function onSnapshotFailed(turn: Turn, { to, index }: Extract<Event, { type: "snapshot-failed" }>): void {
  if (!turn.rules.resumesAfterFailedTransfer()) return;
  const progress = endTransfer(turn, to, index);
  if (progress === null) return;
  cutLog(turn);
  progress.nextIndex = Math.max(progress.matchIndex, turn.state.log.base.index) + 1;
  progress.probing = true;
}

/** Null when that transfer is not under way any more. */
function endTransfer(turn: Turn, to: NodeId, index: number): Progress | null {
  const progress = turn.state.leadership?.progress.get(to);
  if (progress === undefined || progress.snapshotIndex !== index) return null;
  progress.snapshotIndex = null;
  progress.mode = "probe";
  return progress;
}
