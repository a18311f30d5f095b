import type { Event } from "./events.ts";
import { appendOwn } from "./leadership.ts";
import { sendHeartbeats } from "./replicate.ts";
import type { Leadership } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { ReadMode, Ref } from "./types.ts";

/** Reads that arrived together share one answer from the cluster. Only `local` is answered by whoever is asked. */
export function onRead(turn: Turn, event: Extract<Event, { type: "read" }>): void {
  const { state } = turn;
  if (event.mode === "local") {
    turn.emit({ type: "serve-read", refs: event.refs });
  } else if (state.leadership === null) {
    turn.reply(event.refs, { type: "not-leader", leader: state.leader });
  } else {
    leaderReads[event.mode](turn, state.leadership, event.refs);
  }
}

/** Serves the reads whose round a majority has answered, as far as the state machine has got there (§6.4). */
export function serveConfirmedReads(turn: Turn, leadership: Leadership): void {
  if (leadership.pendingReads.length === 0) return;
  const { state, rules } = turn;
  const confirmed = rules.confirmedRound(state.log.membership, (voter) =>
    voter === state.config.id ? leadership.round : (leadership.progress.get(voter)?.answeredRound ?? 0),
  );
  const waiting = leadership.pendingReads.splice(0);
  for (const read of waiting) {
    const ready = read.round <= confirmed && rules.readIsReady(state.lastApplied, read.readIndex);
    if (ready) turn.emit({ type: "serve-read", refs: read.refs });
    else leadership.pendingReads.push(read);
  }
}

type LeaderRead = (turn: Turn, leadership: Leadership, refs: readonly Ref[]) => void;

const leaderReads: Record<Exclude<ReadMode, "local">, LeaderRead> = {
  /** From the state of whoever believes to lead: stale when another leads by now. Unsafe on purpose. */
  leader: (turn, _leadership, refs) => turn.emit({ type: "serve-read", refs }),
  /** As an entry of the log: as safe as a write, and as slow. */
  log: (turn, _leadership, refs) => appendOwn(turn, "read", refs),
  /** Remembers the index, and asks a majority whether it still follows (§6.4). */
  "read-index": (turn, leadership, refs) => {
    const { state, rules } = turn;
    const round = rules.roundForRead(leadership.round);
    const readIndex = rules.readFloor(state.commitIndex, leadership.termStartIndex);
    leadership.pendingReads.push({ refs, round, readIndex });
    leadership.round = Math.max(leadership.round, round);
    sendHeartbeats(turn);
  },
};
