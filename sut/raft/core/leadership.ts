import { invariant } from "./invariant.ts";
import { noLease } from "./lease.ts";
import { peersOf } from "./membership.ts";
import { sendHeartbeats } from "./replicate.ts";
import { becomeFollower } from "./roles.ts";
import type { Leadership, Progress, RaftState } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { Entry, Index, Ref } from "./types.ts";

/** Won: leads its term, opens it with a no-op, and tells everybody at once (§3.4, §6.4). */
export function startLeading(turn: Turn): void {
  const { state } = turn;
  invariant(state.votedFor === state.config.id, "a leader voted for itself", {
    votedFor: state.votedFor,
    id: state.config.id,
  });
  turn.reason = "elected";
  state.role = "leader";
  state.leader = state.config.id;
  state.leadership = newLeadership(turn);
  if (state.config.noop) appendOwn(turn, "noop", []);
  sendHeartbeats(turn);
}

/** The leader's clock: gives up without a majority (§6.2), and keeps followers from campaigning (§3.4). */
export function onLeaderTick(turn: Turn, leadership: Leadership): void {
  const { state, rules } = turn;
  const { checkQuorum, electionTimeoutMs, id } = state.config;
  const heard = (voter: string) =>
    voter === id || state.now - (leadership.progress.get(voter)?.lastAnswer ?? 0) <= electionTimeoutMs;
  if (checkQuorum && !rules.hasQuorumContact(state.log.membership, heard)) {
    becomeFollower(turn, state.term, null, `no answer from a majority within ${electionTimeoutMs} ms`);
    return;
  }
  if (state.now >= leadership.heartbeatDue) sendHeartbeats(turn);
}

/** Appends one entry of the leader's own term, for which the requests wait. */
export function appendOwn(
  turn: Turn,
  kind: Entry["kind"],
  refs: readonly Ref[],
  content: Pick<Entry, "command" | "bytes" | "membership"> = { bytes: 0 },
): void {
  const { state } = turn;
  const entry: Entry = { ...content, index: state.log.lastIndex + 1, term: state.term, kind };
  turn.append([entry]);
  if (state.leadership !== null) state.leadership.uncommittedBytes += entry.bytes;
  if (refs.length > 0) state.waiters.set(entry.index, { term: entry.term, refs });
}

/** Nothing is known of the follower yet; it has an election timeout from now to answer. */
export function newProgress(state: RaftState, nextIndex: Index): Progress {
  return {
    mode: "probe",
    matchIndex: 0,
    nextIndex,
    inFlight: [],
    probing: false,
    snapshotIndex: null,
    lossReported: false,
    lastAnswer: state.now,
    answeredRound: 0,
    removal: null,
  };
}

/** Bytes of the commands behind an index, up to the log's end or to `to`. */
export function bytesBehind({ log }: RaftState, from: Index, to: Index = log.lastIndex): number {
  return log.slice(from + 1, to).reduce((sum, entry) => sum + entry.bytes, 0);
}

function newLeadership({ state, rules }: Turn): Leadership {
  const { log } = state;
  const progress = new Map(peersOf(state).map((peer) => [peer, newProgress(state, log.lastIndex + 1)]));
  const termStartIndex = log.lastIndex + (state.config.noop ? 1 : 0);
  return {
    progress,
    termStartIndex,
    round: 0,
    readRound: 0,
    pendingReads: [],
    uncommittedBytes: rules.uncommittedAtElection(bytesBehind(state, state.commitIndex)),
    forwardedReads: [],
    lease: noLease(),
    heartbeatDue: state.now,
  };
}
