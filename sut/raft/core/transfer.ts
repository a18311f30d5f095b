import { campaignForTransfer } from "./election.ts";
import type { Event, TransferOutcome, TransferRefusal } from "./events.ts";
import { membersOf } from "./membership.ts";
import type { TimeoutNow } from "./messages.ts";
import type { Leadership, RaftState, Transfer } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { NodeId, Ref } from "./types.ts";

/** Begins to hand the leadership over (§3.10). A second wish for the same server waits for the same end. */
export function onTransfer(turn: Turn, event: Extract<Event, { type: "transfer" }>): void {
  const { state } = turn;
  const target = targetOf(state, event.to);
  const reason = refusalOf(state, target);
  if (reason !== null || target === null) {
    const outcome = { type: "refused", reason: reason ?? "no-other-voter", leader: state.leader } as const;
    turn.emit({ type: "transfer-ended", refs: [event.ref], outcome });
  } else if (state.transfer !== null) {
    state.transfer.refs.push(event.ref);
  } else {
    state.transfer = { to: target, term: state.term, beganAt: state.now, timeoutNowSent: false, refs: [event.ref] };
  }
}

/** TimeoutNow at the server that is to lead: campaigns at once (§3.10). */
export function onTimeoutNow(turn: Turn, from: NodeId, message: TimeoutNow): void {
  const { state, rules } = turn;
  const isVoter = state.log.membership.incoming.includes(state.config.id);
  if (!rules.obeysTimeoutNow(message.term, state.term) || state.role !== "follower" || !isVoter) return;
  campaignForTransfer(turn);
  turn.reason = `${from} hands over its leadership`;
}

/** Tells requests that would append that the leader is about to go; whether it did (§3.10). */
export function refusesForTransfer(turn: Turn, refs: readonly Ref[]): boolean {
  const { transfer } = turn.state;
  if (turn.rules.acceptsProposals(transfer !== null) || transfer === null) return false;
  turn.reply(refs, { type: "transferring", to: transfer.to });
  return true;
}

/** What follows for a transfer from a changed state: TimeoutNow when the log is over there, or the end. */
export function settleTransfer(turn: Turn): void {
  const { state, rules } = turn;
  const { transfer, leadership } = state;
  if (transfer === null) return;
  const outcome = outcomeOf(turn, transfer);
  if (outcome !== null) {
    state.transfer = null;
    turn.emit({ type: "transfer-ended", refs: transfer.refs, outcome });
  } else if (leadership !== null && !transfer.timeoutNowSent) {
    const match = leadership.progress.get(transfer.to)?.matchIndex ?? 0;
    if (rules.transferTargetIsReady(match, state.log.lastIndex)) sendTimeoutNow(turn, leadership, transfer);
  }
}

function sendTimeoutNow(turn: Turn, leadership: Leadership, transfer: Transfer): void {
  transfer.timeoutNowSent = true;
  leadership.lease.givenUp = true;
  turn.send(transfer.to, { type: "timeout-now", term: turn.state.term });
}

function outcomeOf(turn: Turn, { to, term, beganAt }: Transfer): TransferOutcome | null {
  const { state, rules } = turn;
  if (state.term > term && state.leader !== null) {
    return { type: state.leader === to ? "done" : "superseded", leader: state.leader, term: state.term };
  }
  const timedOut = rules.transferTimedOut(state.now - beganAt, state.config.electionTimeoutMs);
  return timedOut ? { type: "timed-out" } : null;
}

/** The wanted server; else the one that the transfer under way is for, or that is furthest. */
function targetOf(state: RaftState, wanted: NodeId | null): NodeId | null {
  if (wanted !== null) return wanted;
  const match = (voter: NodeId) => state.leadership?.progress.get(voter)?.matchIndex ?? 0;
  const others = state.log.membership.incoming.filter((voter) => voter !== state.config.id);
  return state.transfer?.to ?? others.sort((a, b) => match(b) - match(a))[0] ?? null;
}

function refusalOf(state: RaftState, target: NodeId | null): TransferRefusal | null {
  const { membership } = state.log;
  if (state.leadership === null) return "not-leader";
  if (target === null) return "no-other-voter";
  if (target === state.config.id) return "already-leader";
  if (!membersOf(membership).includes(target)) return "unknown-member";
  if (!membership.incoming.includes(target)) return "not-a-voter";
  return state.transfer === null || state.transfer.to === target ? null : "transfer-in-flight";
}
