import { invariant } from "./invariant.ts";
import { beginLeaseRound } from "./lease.ts";
import { beginSnapshotTo } from "./send-snapshot.ts";
import type { Leadership, Progress } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { Entry, NodeId } from "./types.ts";

/** Sends every follower what its window has room for (§3.5, §10.2.2). */
export function replicate(turn: Turn, leadership: Leadership): void {
  for (const [peer, progress] of leadership.progress) sendEntries(turn, leadership, peer, progress);
}

/**
 * An empty AppendEntries to everybody: keeps followers from campaigning, carries the commit index, begins a round that
 * confirms reads, and finds out what was lost, because its `prev` is the last entry sent.
 */
export function sendHeartbeats(turn: Turn): void {
  const { leadership, now, config } = turn.state;
  invariant(leadership !== null, "only a leader sends heartbeats", { role: turn.state.role });
  leadership.heartbeatDue = now + config.heartbeatMs;
  sendRound(turn, leadership, leadership.progress);
}

/** An empty AppendEntries to some, with a number of its own. */
export function sendRound(turn: Turn, leadership: Leadership, peers: { has(peer: NodeId): boolean }): void {
  leadership.round++;
  beginLeaseRound(turn, leadership);
  for (const [peer, progress] of leadership.progress) {
    if (peers.has(peer)) sendAppend(turn, leadership, peer, progress, []);
  }
}

/** Tells one follower the commit index, as a heartbeat does. */
export function sendCommitIndex(turn: Turn, leadership: Leadership, peer: NodeId, progress: Progress): void {
  sendAppend(turn, leadership, peer, progress, []);
}

function sendEntries(turn: Turn, leadership: Leadership, peer: NodeId, progress: Progress): void {
  const { log, config } = turn.state;
  const gone = progress.mode !== "snapshot" && turn.rules.needsSnapshot(progress.nextIndex, log.base.index);
  if (gone) beginSnapshotTo(turn, peer, progress);
  while (hasRoom(progress, config.inflightWindow) && progress.nextIndex <= log.lastIndex) {
    const entries = log.batch(progress.nextIndex, config.maxEntriesPerAppend, config.maxBytesPerAppend);
    sendAppend(turn, leadership, peer, progress, entries);
    if (progress.mode === "probe") {
      progress.probing = true;
    } else {
      progress.nextIndex += entries.length;
      progress.inFlight.push(progress.nextIndex - 1);
    }
  }
}

function hasRoom(progress: Progress, window: number): boolean {
  if (progress.mode === "snapshot") return false;
  return progress.mode === "probe" ? !progress.probing : progress.inFlight.length < window;
}

function sendAppend(
  turn: Turn,
  leadership: Leadership,
  peer: NodeId,
  progress: Progress,
  entries: readonly Entry[],
): void {
  const { state, rules } = turn;
  const { log, term, commitIndex } = state;
  const { matchIndex, nextIndex } = progress;
  invariant(matchIndex < nextIndex, "matchIndex < nextIndex", { peer, matchIndex, nextIndex, term });
  // While it gets a snapshot the follower has no entry that is still there: the heartbeat asks for the first that is.
  const prevIndex = progress.mode === "snapshot" ? log.base.index : nextIndex - 1;
  turn.send(peer, {
    type: "append-entries",
    term,
    prev: { index: prevIndex, term: rules.prevTerm(log, prevIndex) },
    entries,
    leaderCommit: commitIndex,
    round: leadership.round,
  });
}
