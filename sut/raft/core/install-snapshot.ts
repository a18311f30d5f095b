import { follow } from "./append-entries.ts";
import { adoptSnapshot } from "./compaction.ts";
import type { InstallSnapshot } from "./messages.ts";
import { abandonWaiters } from "./roles.ts";
import type { Turn } from "./turn.ts";
import type { Index, NodeId, SnapshotMeta } from "./types.ts";

/**
 * InstallSnapshot at a follower (§5.3), once all of the snapshot is durable there. The term is current or stale by now:
 * a newer one was adopted before. Answered like an append, so that the leader goes on behind it.
 */
export function onInstallSnapshot(turn: Turn, from: NodeId, message: InstallSnapshot): void {
  const { state, rules } = turn;
  const { snapshot } = message;
  if (rules.isStaleTerm(message.term, state.term)) {
    if (rules.answersStaleRequests()) reject(turn, from, message);
    return;
  }
  follow(turn, from);
  if (rules.snapshotIsAhead(snapshot.index, state.commitIndex)) install(turn, snapshot);
  else adoptSnapshot(turn, snapshot);
  accept(turn, from, state.commitIndex);
}

/** Takes the snapshot's word for everything up to its end: what is committed, who the members are, what is applied. */
function install(turn: Turn, snapshot: SnapshotMeta): void {
  const { state, rules } = turn;
  if (rules.keepsTail(state.log, snapshot)) state.log.compactTo(snapshot.index);
  else turn.restartLogAt(snapshot);
  abandonWaiters(turn);
  state.snapshot = snapshot;
  state.commitIndex = snapshot.index;
  state.handedToApply = snapshot.index;
  turn.emit({ type: "restore", snapshot });
  turn.emit({ type: "compact", through: snapshot.index });
}

/** Confirms no round: the message was on its way for long, and says nothing about who leads now (§6.4). */
function accept(turn: Turn, to: NodeId, matchIndex: Index): void {
  turn.sendWhenDurable(to, { type: "append-accepted", term: turn.state.term, matchIndex, round: 0 });
}

function reject(turn: Turn, to: NodeId, { term: refusedTerm, snapshot: { index } }: InstallSnapshot): void {
  const { term, log } = turn.state;
  turn.send(to, { type: "append-rejected", term, refusedTerm, rejectedPrev: index, hint: log.last, round: 0 });
}
