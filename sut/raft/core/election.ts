import { startLeading } from "./leadership.ts";
import { otherVoters } from "./membership.ts";
import { becomeFollower, restartElectionTimer } from "./roles.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** The election timer ran out: a voter campaigns, or first asks whether that could be won (§3.4, §9.6). */
export function campaign(turn: Turn): void {
  const { state, rules } = turn;
  if (!rules.mayCampaign(state.log, state.commitIndex, state.config.id)) restartElectionTimer(turn);
  else if (rules.asksBeforeCampaign(state.config.preVote)) startPreVote(turn);
  else startElection(turn, false);
}

/** The leader asked this server to campaign (§3.10). */
export function campaignForTransfer(turn: Turn): void {
  if (turn.rules.transferSkipsPreVote()) startElection(turn, true);
  else campaign(turn);
}

/** Whether a leader was heard within the shortest election timeout, so that nobody else gets a vote (§4.2.3). */
export function leaderIsLive(turn: Turn): boolean {
  const { state, rules } = turn;
  return rules.hasLiveLeader(state.role, state.now - state.lastLeaderContact, state.config.electionTimeoutMs);
}

/** Counts one answer of the campaign under way, and acts when that decides it. */
export function recordVote(turn: Turn, voter: NodeId, granted: boolean): void {
  const { state, rules } = turn;
  if (!state.votes.has(voter)) state.votes.set(voter, granted);
  const result = rules.electionResult(state.log.membership, (member) => state.votes.get(member));
  if (result === "lost") becomeFollower(turn, state.term, null, `${state.role} refused by a majority`);
  if (result !== "won") return;
  if (state.role === "pre-candidate") startElection(turn, false);
  else startLeading(turn);
}

function startPreVote(turn: Turn): void {
  const { state } = turn;
  beginCampaign(turn, "pre-candidate");
  for (const peer of otherVoters(state)) {
    turn.send(peer, { type: "pre-vote", term: state.term + 1, lastLog: state.log.last });
  }
  recordVote(turn, state.config.id, true);
}

/** The candidate's own vote counts, and its requests leave, once that vote is durable (§3.8). */
function startElection(turn: Turn, transfer: boolean): void {
  const { state } = turn;
  turn.setHardState({ term: state.term + 1, votedFor: state.config.id });
  beginCampaign(turn, "candidate");
  for (const peer of otherVoters(state)) {
    turn.sendWhenDurable(peer, { type: "request-vote", term: state.term, lastLog: state.log.last, transfer });
  }
}

function beginCampaign(turn: Turn, role: "pre-candidate" | "candidate"): void {
  const { state } = turn;
  turn.reason = role === "candidate" ? "campaign" : "no leader heard within the election timeout";
  state.role = role;
  state.leader = null;
  state.votes = new Map();
  restartElectionTimer(turn);
}
