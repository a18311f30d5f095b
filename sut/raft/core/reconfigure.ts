import { type ChangeRefusal, type MembershipChange, planChange } from "./change-plan.ts";
import { leaveJoint } from "./config-change.ts";
import type { Event } from "./events.ts";
import { invariant } from "./invariant.ts";
import { appendOwn, newProgress } from "./leadership.ts";
import { peersOf } from "./membership.ts";
import { sendCommitIndex, sendHeartbeats } from "./replicate.ts";
import { becomeFollower } from "./roles.ts";
import type { Leadership, RaftState } from "./state.ts";
import { refusesForTransfer } from "./transfer.ts";
import type { Turn } from "./turn.ts";
import type { Membership, NodeId, Ref } from "./types.ts";

/** Other members are asked for: the change is in effect as soon as it is in the leader's log (§4.1). */
export function onReconfigure(turn: Turn, event: Extract<Event, { type: "reconfigure" }>): void {
  const { state, rules } = turn;
  const { ref, change } = event;
  if (!rules.mayAppend(state.role, state.leader)) {
    turn.reply([ref], { type: "not-leader", leader: state.leader });
    return;
  }
  if (refusesForTransfer(turn, [ref])) return;
  const next = refusal(turn, change) ?? planChange(state.log.membership, change, rules);
  if (typeof next !== "string") appendMembership(turn, [ref], next);
  else turn.emit({ type: "change-answer", refs: [ref], outcome: { type: "refused", reason: next } });
}

/** Leaves the joint membership when that may be, whoever entered it; who asked for the change waits on (§4.3). */
export function completeChange(turn: Turn): void {
  const { state, rules } = turn;
  const { index, membership } = state.log.latestConfig;
  if (!rules.leavesJoint(membership, index, state.commitIndex)) return;
  const left = leaveJoint(membership);
  invariant("membership" in left, "what is left is a joint membership", { index, membership });
  const waiting = state.waiters.get(index)?.refs ?? [];
  state.waiters.delete(index);
  appendMembership(turn, waiting, left.membership);
}

/** Stops sending to members whose removal is committed, once they have been told, or did not answer in time. */
export function dropRemoved(turn: Turn, leadership: Leadership): void {
  const { state } = turn;
  for (const [peer, progress] of leadership.progress) {
    const { removal, matchIndex } = progress;
    if (removal === null || state.commitIndex < removal.index) continue;
    if (matchIndex < removal.index && state.now < removal.deadline) continue;
    sendCommitIndex(turn, leadership, peer, progress);
    leadership.progress.delete(peer);
  }
}

/** The last deed of a leader that is no member any more: it tells the others what is committed (§4.2.2). */
export function stepDownAsRemoved(turn: Turn): void {
  const { state, rules } = turn;
  const { index, membership } = state.log.latestConfig;
  if (!rules.stepsDownAsRemoved(state.config.id, membership, index, state.commitIndex)) return;
  sendHeartbeats(turn);
  becomeFollower(turn, state.term, null, "no voter any more");
}

function refusal(turn: Turn, change: MembershipChange): ChangeRefusal | null {
  const { state, rules } = turn;
  const { log, commitIndex } = state;
  if (!rules.hasCommittedInTerm(log.termAt(commitIndex), state.term)) return "not-ready";
  if (!rules.noChangeUnderWay(log.latestConfig.index, log.membership, commitIndex)) return "change-in-flight";
  return change.type === "promote" && isBehind(turn, change.node) ? "learner-behind" : null;
}

function isBehind({ state, rules }: Turn, node: NodeId): boolean {
  const progress = state.leadership?.progress.get(node);
  if (progress === undefined || !state.log.membership.learners.includes(node)) return false;
  const learner = { matchIndex: progress.matchIndex, sinceAnswerMs: state.now - progress.lastAnswer };
  return !rules.learnerHasCaughtUp(learner, state.log.lastIndex, state.config);
}

function appendMembership(turn: Turn, refs: readonly Ref[], membership: Membership): void {
  const { state } = turn;
  appendOwn(turn, "config", refs, { membership, bytes: 0 });
  if (state.leadership !== null) followMembership(state, state.leadership);
}

/** Begins to send to new members, and marks those that are none any more. */
function followMembership(state: RaftState, { progress }: Leadership): void {
  const { index } = state.log.latestConfig;
  const members = peersOf(state);
  for (const [peer, known] of progress) {
    if (known.removal !== null || members.includes(peer)) continue;
    const deadline = state.now + state.config.electionTimeoutMs;
    known.removal = { index, deadline };
  }
  for (const peer of members) {
    const known = progress.get(peer);
    if (known === undefined || known.removal !== null) progress.set(peer, newProgress(state, index));
  }
}
