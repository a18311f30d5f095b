import type { Event } from "./events.ts";
import { readAsFollower } from "./follower-read.ts";
import { appendOwn } from "./leadership.ts";
import { holdsLease, renewLease } from "./lease.ts";
import type { ReadIndexRequest } from "./messages.ts";
import { beginReadRound, confirmedRound } from "./read-round.ts";
import type { Leadership } from "./state.ts";
import { refusesForTransfer } from "./transfer.ts";
import type { Turn } from "./turn.ts";
import type { Index, NodeId, ReadMode, Ref } from "./types.ts";

/** Reads that arrived together share one answer from the cluster. `local` and `follower` are answered by any server. */
export function onRead(turn: Turn, event: Extract<Event, { type: "read" }>): void {
  const { state, rules } = turn;
  const mode = rules.readPath(event.mode);
  if (mode === "local") {
    turn.emit({ type: "serve-read", refs: event.refs });
  } else if (state.leadership !== null) {
    leaderReads[mode](turn, state.leadership, event.refs);
  } else if (mode === "follower") {
    readAsFollower(turn, event.refs);
  } else {
    turn.reply(event.refs, { type: "not-leader", leader: state.leader });
  }
}

/** A follower's question, to be answered by the leader when a majority has confirmed it (§6.4). */
export function onReadIndexRequest(turn: Turn, from: NodeId, message: ReadIndexRequest): void {
  const { leadership } = turn.state;
  if (leadership === null) return;
  const { run, question } = message;
  leadership.forwardedReads.push({ ...nextRound(turn, leadership), follower: from, run, question });
}

/** Answers what waited for a round that a majority has answered by now (§6.4). */
export function settleReads(turn: Turn, leadership: Leadership): void {
  const { pendingReads, forwardedReads, lease } = leadership;
  if (pendingReads.length + forwardedReads.length + lease.rounds.length === 0) return;
  beginReadRound(turn, leadership);
  const confirmed = confirmedRound(turn, leadership);
  renewLease(turn, leadership, confirmed);
  serveConfirmedReads(turn, leadership, confirmed);
  answerFollowers(turn, leadership, confirmed);
}

/** As far as the state machine has got there. */
function serveConfirmedReads(turn: Turn, { pendingReads }: Leadership, confirmed: number): void {
  const { state, rules } = turn;
  for (const read of pendingReads.splice(0)) {
    const ready = read.round <= confirmed && rules.readIsReady(state.lastApplied, read.readIndex);
    if (ready) turn.emit({ type: "serve-read", refs: read.refs });
    else pendingReads.push(read);
  }
}

/** The follower waits for its own state machine. */
function answerFollowers(turn: Turn, { forwardedReads }: Leadership, confirmed: number): void {
  const { term } = turn.state;
  for (const read of forwardedReads.splice(0)) {
    const { follower, run, question, readIndex } = read;
    if (read.round <= confirmed) turn.send(follower, { type: "read-index-reply", term, run, question, readIndex });
    else forwardedReads.push(read);
  }
}

type LeaderRead = (turn: Turn, leadership: Leadership, refs: readonly Ref[]) => void;

const leaderReads: Record<Exclude<ReadMode, "local">, LeaderRead> = {
  /** From the state of whoever believes to lead: stale when another leads by now. Unsafe on purpose. */
  leader: (turn, _leadership, refs) => turn.emit({ type: "serve-read", refs }),
  /** As an entry of the log: as safe as a write, and as slow. */
  log: (turn, _leadership, refs) => {
    if (!refusesForTransfer(turn, refs)) appendOwn(turn, "read", refs);
  },
  "read-index": readByRound,
  follower: readByRound,
  /** At once while a majority has promised to elect nobody else (§6.4.1); else by a round. */
  lease: (turn, leadership, refs) => {
    if (!holdsLease(turn.state, leadership, turn.rules)) return readByRound(turn, leadership, refs);
    leadership.pendingReads.push({ refs, round: 0, readIndex: readIndexNow(turn, leadership) });
  },
};

/** Remembers the index, and asks a majority whether it still follows (§6.4). */
function readByRound(turn: Turn, leadership: Leadership, refs: readonly Ref[]): void {
  leadership.pendingReads.push({ ...nextRound(turn, leadership), refs });
}

function nextRound(turn: Turn, leadership: Leadership): { readonly round: number; readonly readIndex: Index } {
  return { round: turn.rules.roundForRead(leadership.round), readIndex: readIndexNow(turn, leadership) };
}

function readIndexNow(turn: Turn, leadership: Leadership): Index {
  return turn.rules.readFloor(turn.state.commitIndex, leadership.termStartIndex);
}
