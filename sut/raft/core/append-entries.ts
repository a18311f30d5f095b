import { invariant } from "./invariant.ts";
import type { AppendEntries } from "./messages.ts";
import { abandonWaiters, becomeFollower, restartElectionTimer } from "./roles.ts";
import type { Turn } from "./turn.ts";
import type { Index, NodeId } from "./types.ts";

/** AppendEntries at a follower (§3.5). The term is current or stale by now: a newer one was adopted before. */
export function onAppendEntries(turn: Turn, from: NodeId, message: AppendEntries): void {
  const { state, rules } = turn;
  if (rules.isStaleTerm(message.term, state.term)) {
    if (rules.restartsElectionTimer("stale-leader")) restartElectionTimer(turn);
    if (rules.answersStaleRequests()) reject(turn, from, message);
    return;
  }
  follow(turn, from);
  if (!rules.prevMatches(state.log, message.prev)) {
    reject(turn, from, message);
    return;
  }
  store(turn, message);
  const verified = message.prev.index + message.entries.length;
  commitUpTo(turn, rules.followerCommit(message.leaderCommit, verified));
  accept(turn, from, message, verified);
}

/** Follows whoever leads the term (§3.4). */
export function follow(turn: Turn, leader: NodeId): void {
  const { state } = turn;
  invariant(state.role !== "leader", "a term has one leader", { term: state.term, own: state.config.id, leader });
  invariant(state.leader === null || state.leader === leader, "a term has one leader", {
    term: state.term,
    known: state.leader,
    leader,
  });
  if (state.role !== "follower" || state.leader !== leader)
    becomeFollower(turn, state.term, leader, "heard the leader");
  state.lastLeaderContact = state.now;
  if (turn.rules.restartsElectionTimer("leader-heard")) restartElectionTimer(turn);
}

function store(turn: Turn, message: AppendEntries): void {
  const { state, rules } = turn;
  const from = rules.firstMissing(state.log, message.entries);
  if (from === null) return;
  if (from <= state.log.lastIndex) {
    turn.truncateFrom(from);
    if (rules.losesRequest("entry-replaced")) abandonWaiters(turn, from);
  }
  turn.append(message.entries.slice(from - message.prev.index - 1));
}

function commitUpTo(turn: Turn, index: Index): void {
  const { state } = turn;
  if (index <= state.commitIndex) return;
  invariant(index <= state.log.lastIndex, "a committed entry is in the log", {
    commitIndex: index,
    lastIndex: state.log.lastIndex,
  });
  state.commitIndex = index;
}

/**
 * Acknowledges what is durable: entries after their write, a heartbeat at once, so that a slow disk delays none. The
 * first answer in a term waits for the term to be written all the same: it is a promise to follow no older leader.
 */
function accept(turn: Turn, to: NodeId, message: AppendEntries, verified: Index): void {
  const { state, rules } = turn;
  const heartbeat = message.entries.length === 0;
  const matchIndex = heartbeat ? rules.heartbeatMatch(verified, state.disk.durableIndex) : verified;
  const reply = { type: "append-accepted", term: state.term, matchIndex, round: message.round } as const;
  if (turn.hardStateUnderWay || (!heartbeat && rules.appendAckWaitsForDisk())) turn.sendWhenDurable(to, reply);
  else turn.send(to, reply);
}

function reject(turn: Turn, to: NodeId, message: AppendEntries): void {
  const { state, rules } = turn;
  turn.send(to, {
    type: "append-rejected",
    term: state.term,
    refusedTerm: message.term,
    rejectedPrev: message.prev.index,
    hint: rules.conflictHint(state.log, message.prev),
    round: message.round,
  });
}
