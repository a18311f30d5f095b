import type { AppliedEntry } from "./events.ts";
import { serveFollowerReads } from "./follower-read.ts";
import { invariant } from "./invariant.ts";
import { bytesBehind } from "./leadership.ts";
import { settleReads } from "./read.ts";
import { completeChange, dropRemoved, stepDownAsRemoved } from "./reconfigure.ts";
import { replicate } from "./replicate.ts";
import type { Leadership } from "./state.ts";
import { settleTransfer } from "./transfer.ts";
import type { Turn } from "./turn.ts";
import type { Entry, Ref } from "./types.ts";

/** What follows from a changed state, whatever changed it: commit, replicate, apply, answer reads. */
export function settle(turn: Turn): void {
  const { leadership } = turn.state;
  if (leadership !== null) {
    advanceCommit(turn, leadership);
    completeChange(turn);
    replicate(turn, leadership);
  }
  applyCommitted(turn);
  settleTransfer(turn);
  if (leadership === null) {
    serveFollowerReads(turn);
    return;
  }
  settleReads(turn, leadership);
  dropRemoved(turn, leadership);
  stepDownAsRemoved(turn);
}

/** Commits what a majority holds, if it is of this term (§3.5, §3.6.2). */
function advanceCommit(turn: Turn, leadership: Leadership): void {
  const { state, rules } = turn;
  const { log, disk, config } = state;
  const counted = rules.countedForCommit(log.membership, config.id);
  const reached = rules.replicatedByQuorum(counted, (voter) =>
    voter === config.id
      ? rules.ownMatchIndex(disk.durableIndex, log.lastIndex)
      : (leadership.progress.get(voter)?.matchIndex ?? 0),
  );
  if (reached <= state.commitIndex || !rules.mayCommitByCounting(log.termAt(reached), state.term)) return;
  invariant(reached <= log.lastIndex, "a committed entry is in the log", { reached, lastIndex: log.lastIndex });
  const committedBytes = bytesBehind(state, state.commitIndex, reached);
  leadership.uncommittedBytes = rules.uncommittedAfterCommit(leadership.uncommittedBytes, committedBytes);
  state.commitIndex = reached;
}

function applyCommitted(turn: Turn): void {
  const { state, rules } = turn;
  const to = rules.applyUpTo(state.commitIndex, state.log.lastIndex);
  if (to <= state.handedToApply) return;
  const entries = state.log.slice(state.handedToApply + 1, to).map(
    (entry): AppliedEntry => ({
      entry,
      refs: answerChange(turn, entry, takeWaiters(turn, entry)),
    }),
  );
  state.handedToApply = to;
  turn.emit({ type: "apply", entries });
}

/** The requests that this entry answers; others that waited at its index will never know (§6.3). */
function takeWaiters(turn: Turn, entry: Entry): readonly Ref[] {
  const { state, rules } = turn;
  const waiter = state.waiters.get(entry.index);
  if (waiter === undefined) return [];
  state.waiters.delete(entry.index);
  if (waiter.term === entry.term || !rules.losesRequest("other-term")) return waiter.refs;
  turn.reply(waiter.refs, { type: "outcome-unknown" });
  return [];
}

/** Who asked for other members is answered by the core; everybody else by the state machine. */
function answerChange(turn: Turn, { membership }: Entry, refs: readonly Ref[]): readonly Ref[] {
  if (membership === undefined) return refs;
  if (refs.length > 0) turn.emit({ type: "change-answer", refs, outcome: { type: "reconfigured", membership } });
  return [];
}
