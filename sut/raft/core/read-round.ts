import { jointVote } from "./quorum.ts";
import { sendRound } from "./replicate.ts";
import type { Leadership, RaftState } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/** The latest round that a majority has answered (§6.4, step 3). */
export function confirmedRound({ state, rules }: Turn, { round, progress }: Leadership): number {
  return rules.confirmedRound(state.log.membership, (voter) =>
    voter === state.config.id ? round : (progress.get(voter)?.answeredRound ?? 0),
  );
}

/**
 * Begins the round that reads wait for, unless one is under way: reads that arrive meanwhile share the next. A round that
 * is lost is made up for by the next heartbeat, which is a round too.
 */
export function beginReadRound(turn: Turn, leadership: Leadership): void {
  const waiting = leadership.pendingReads.at(-1)?.round ?? 0;
  const forwarded = leadership.forwardedReads.at(-1)?.round ?? 0;
  if (Math.max(waiting, forwarded) <= leadership.round) return;
  if (confirmedRound(turn, leadership) < leadership.readRound) return;
  sendRound(turn, leadership, askedFirst(turn, leadership));
  leadership.readRound = leadership.round;
}

/**
 * The voters heard last, as many as make a majority. Why not all: the answers of the rest would change nothing, and cost
 * both ends as much as the ones that do. Who falls silent is not among them after the next heartbeat.
 */
function askedFirst({ state }: Turn, { progress }: Leadership): ReadonlySet<NodeId> {
  const asked = new Set<NodeId>();
  const { membership } = state.log;
  for (const voter of votersByLastAnswer(state, progress)) {
    if (jointVote(membership, (node) => node === state.config.id || asked.has(node)) === "won") break;
    asked.add(voter);
  }
  return asked;
}

function votersByLastAnswer({ config, log }: RaftState, progress: Leadership["progress"]): NodeId[] {
  const { incoming, outgoing } = log.membership;
  const heardAt = (voter: NodeId) => progress.get(voter)?.lastAnswer ?? Number.NEGATIVE_INFINITY;
  return [...incoming, ...outgoing].filter((voter) => voter !== config.id).sort((a, b) => heardAt(b) - heardAt(a));
}
