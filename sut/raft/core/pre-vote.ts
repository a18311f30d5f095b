import { leaderIsLive, recordVote } from "./election.ts";
import type { PreVote, PreVoteReply } from "./messages.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** PreVote at a voter (§9.6). Promises nothing and changes nothing: it only says how a vote would end now. */
export function onPreVote(turn: Turn, from: NodeId, message: PreVote): void {
  const { state, rules } = turn;
  if (rules.isStaleTerm(message.term, state.term) && !rules.answersStaleRequests()) return;
  const granted =
    rules.answersAsVoter(state.log.membership, state.config.id, from) &&
    rules.isNewerTerm(message.term, state.term, state.role) &&
    !leaderIsLive(turn) &&
    rules.candidateLogIsUpToDate(message.lastLog, state.log.last);
  turn.send(from, { type: "pre-vote-reply", term: granted ? message.term : state.term, granted });
}

/** A refusal of a newer term was adopted before it came here. */
export function onPreVoteReply(turn: Turn, from: NodeId, message: PreVoteReply): void {
  const { state, rules } = turn;
  if (state.role !== "pre-candidate") return;
  const campaignTerm = state.term + 1;
  if (message.granted && !rules.countsVote(message.term, campaignTerm)) return;
  recordVote(turn, from, message.granted);
}
