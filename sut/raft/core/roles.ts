import type { Turn } from "./turn.ts";
import type { NodeId, Term } from "./types.ts";

/** Becomes a follower, in `term` if that is newer (§3.3). A leader's open requests are answered before it forgets them. */
export function becomeFollower(turn: Turn, term: Term, leader: NodeId | null, reason: string): void {
  const { state } = turn;
  const led = state.role === "leader";
  turn.reason = reason;
  if (term > state.term) turn.setHardState({ term, votedFor: null });
  state.role = "follower";
  state.leader = leader;
  state.votes = new Map();
  if (!led) return;
  restartElectionTimer(turn);
  abandonRequests(turn);
}

/** Draws a new election timeout (§3.4). */
export function restartElectionTimer(turn: Turn): void {
  const { state, rules } = turn;
  state.electionDeadline = state.now + rules.electionTimeout(state.config.electionTimeoutMs, turn.random());
}

/** Tells the waiting requests from index `from` on that nobody will be told their outcome. */
export function abandonWaiters(turn: Turn, from = 0): void {
  const { state, rules } = turn;
  for (const [index, waiter] of state.waiters) {
    if (index < from) continue;
    state.waiters.delete(index);
    const type = rules.outcomeOfAbandoned();
    turn.reply(waiter.refs, type === "not-leader" ? { type, leader: state.leader } : { type });
  }
}

function abandonRequests(turn: Turn): void {
  const { state, rules } = turn;
  for (const read of state.leadership?.pendingReads ?? []) {
    turn.reply(read.refs, { type: "not-leader", leader: state.leader });
  }
  state.leadership = null;
  if (rules.losesRequest("step-down")) abandonWaiters(turn);
}
