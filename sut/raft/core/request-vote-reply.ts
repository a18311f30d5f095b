import { recordVote } from "./election.ts";
import type { RequestVoteReply } from "./messages.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** A vote for the campaign under way, or a late answer to an earlier one, which does not count (§3.4). */
export function onRequestVoteReply(turn: Turn, from: NodeId, message: RequestVoteReply): void {
  const { state, rules } = turn;
  if (state.role !== "candidate" || !rules.countsVote(message.term, state.term)) return;
  recordVote(turn, from, message.granted);
}
