import { onAppendEntries } from "./append-entries.ts";
import { onAppendAccepted, onAppendRejected } from "./append-replies.ts";
import { onSnapshotMade } from "./compaction.ts";
import { campaign } from "./election.ts";
import type { Effect, Event } from "./events.ts";
import { onFollowerReadTick, onReadIndexReply } from "./follower-read.ts";
import { onInstallSnapshot } from "./install-snapshot.ts";
import { onLeaderTick } from "./leadership.ts";
import type { Message } from "./messages.ts";
import { onPersisted } from "./persisted.ts";
import { onPreVote, onPreVoteReply } from "./pre-vote.ts";
import { onPropose } from "./propose.ts";
import { onRead, onReadIndexRequest } from "./read.ts";
import { onReconfigure } from "./reconfigure.ts";
import { ignoresCandidate, onRequestVote } from "./request-vote.ts";
import { onRequestVoteReply } from "./request-vote-reply.ts";
import { becomeFollower } from "./roles.ts";
import type { Rules } from "./rules.ts";
import { onSnapshotFailed, onSnapshotSent } from "./send-snapshot.ts";
import { settle } from "./settle.ts";
import type { RaftState } from "./state.ts";
import { onTimeoutNow, onTransfer } from "./transfer.ts";
import { Turn } from "./turn.ts";
import type { NodeId } from "./types.ts";

/**
 * One event happens to a node: changes the state, and returns what the node does now, in order. Deterministic: time
 * comes with the event, and `random` (from [0, 1)) with the call. Throws RaftBug when an invariant is broken.
 */
export function step(state: RaftState, event: Event, rules: Rules, random: () => number): Effect[] {
  state.now = Math.max(state.now, event.now);
  const turn = new Turn(state, rules, random);
  handlerOf(eventHandlers, event)(turn, event);
  settle(turn);
  return turn.finish();
}

type EventHandlers = { [T in Event["type"]]: (turn: Turn, event: Extract<Event, { type: T }>) => void };
type MessageHandlers = {
  [T in Message["type"]]: (turn: Turn, from: NodeId, message: Extract<Message, { type: T }>) => void;
};

const eventHandlers: EventHandlers = {
  tick: onTick,
  receive: onReceive,
  propose: onPropose,
  read: onRead,
  reconfigure: onReconfigure,
  transfer: onTransfer,
  persisted: onPersisted,
  applied: (turn, event) => {
    turn.state.lastApplied = Math.max(turn.state.lastApplied, event.index);
  },
  "snapshot-made": onSnapshotMade,
  "snapshot-sent": onSnapshotSent,
  "snapshot-failed": onSnapshotFailed,
};

const messageHandlers: MessageHandlers = {
  "request-vote": onRequestVote,
  "request-vote-reply": onRequestVoteReply,
  "pre-vote": onPreVote,
  "pre-vote-reply": onPreVoteReply,
  "append-entries": onAppendEntries,
  "append-accepted": onAppendAccepted,
  "append-rejected": onAppendRejected,
  "install-snapshot": onInstallSnapshot,
  "timeout-now": onTimeoutNow,
  "read-index-request": onReadIndexRequest,
  "read-index-reply": onReadIndexReply,
};

const leaderMessages: ReadonlySet<Message["type"]> = new Set([
  "append-entries",
  "install-snapshot",
  "timeout-now",
  "read-index-reply",
]);

function onTick(turn: Turn): void {
  const { state } = turn;
  if (state.leadership !== null) onLeaderTick(turn, state.leadership);
  else if (state.now >= state.electionDeadline) campaign(turn);
  else onFollowerReadTick(turn);
}

/** The rule for all messages comes first: a newer term is adopted (§3.3), but for those that only ask about one. */
function onReceive(turn: Turn, event: Extract<Event, { type: "receive" }>): void {
  const { from, message } = event;
  const { state, rules } = turn;
  if (message.type === "request-vote" && ignoresCandidate(turn, message)) return;
  if (!isHypothetical(message) && rules.isNewerTerm(message.term, state.term, state.role)) {
    const leader = isFromLeader(message) ? from : null;
    becomeFollower(turn, message.term, leader, `saw term ${message.term} in ${message.type} from ${from}`);
  }
  const handle = messageHandlers[message.type] as (turn: Turn, from: NodeId, message: Message) => void;
  handle(turn, from, message);
}

/** What only the leader of its term sends. */
function isFromLeader({ type }: Message): boolean {
  return leaderMessages.has(type);
}

/** The term of a pre-vote is one that nobody has entered yet (§9.6). */
function isHypothetical(message: Message): boolean {
  return message.type === "pre-vote" || (message.type === "pre-vote-reply" && message.granted);
}

function handlerOf(handlers: EventHandlers, event: Event): (turn: Turn, event: Event) => void {
  return handlers[event.type] as (turn: Turn, event: Event) => void;
}
