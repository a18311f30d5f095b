import { leaderIsLive } from "./election.ts";
import type { RequestVote } from "./messages.ts";
import { becomeFollower, restartElectionTimer } from "./roles.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** Whether a request for votes in a newer term is left unread, because a leader is alive (§4.2.3). */
export function ignoresCandidate(turn: Turn, message: RequestVote): boolean {
  const { state, rules } = turn;
  return rules.isNewerTerm(message.term, state.term, state.role) && withholdsVote(turn, message);
}

/** A leader is alive, and has not itself asked the candidate to campaign (§4.2.3, §3.10). */
function withholdsVote(turn: Turn, message: RequestVote): boolean {
  const { rules } = turn;
  const { checkQuorum, leaseReads } = turn.state.config;
  const sticky = rules.votesAreSticky(checkQuorum, leaseReads) && !rules.transferOverridesStickiness(message.transfer);
  return sticky && leaderIsLive(turn);
}

/** RequestVote at a voter (§3.4). The term is current or stale by now: a newer one was adopted before. */
export function onRequestVote(turn: Turn, from: NodeId, message: RequestVote): void {
  const { state, rules } = turn;
  if (rules.isStaleTerm(message.term, state.term)) {
    if (rules.answersStaleRequests()) answer(turn, from, false);
    return;
  }
  // Also in a term that was entered without a vote, by an answer that told of it, a lease of the term before may run.
  const granted =
    rules.answersAsVoter(state.log.membership, state.config.id, from) &&
    rules.mayGrantVote(state.votedFor, from) &&
    !withholdsVote(turn, message) &&
    rules.candidateLogIsUpToDate(message.lastLog, state.log.last);
  if (granted && state.role !== "follower") becomeFollower(turn, state.term, null, `voted for ${from}`);
  if (granted && state.votedFor !== from) turn.setHardState({ term: state.term, votedFor: from });
  if (rules.restartsElectionTimer(granted ? "vote-given" : "vote-refused")) restartElectionTimer(turn);
  answer(turn, from, granted);
}

function answer(turn: Turn, to: NodeId, granted: boolean): void {
  const reply = { type: "request-vote-reply", term: turn.state.term, granted } as const;
  if (turn.rules.voteWaitsForDisk()) turn.sendWhenDurable(to, reply);
  else turn.send(to, reply);
}
