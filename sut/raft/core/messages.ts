import type { Entry, Index, LogPosition, SnapshotMeta, Term } from "./types.ts";

/** A candidate asks for a vote in its term (§3.4). With `transfer` the leader itself asked it to campaign (§3.10). */
export interface RequestVote {
  readonly type: "request-vote";
  readonly term: Term;
  readonly lastLog: LogPosition;
  readonly transfer: boolean;
}

export interface RequestVoteReply {
  readonly type: "request-vote-reply";
  readonly term: Term;
  readonly granted: boolean;
}

/** Asks whether a vote would be given, without raising anybody's term (§9.6). `term` is the one to campaign in. */
export interface PreVote {
  readonly type: "pre-vote";
  readonly term: Term;
  readonly lastLog: LogPosition;
}

/** Granted: `term` is the one asked about. Refused: `term` is the voter's own. */
export interface PreVoteReply {
  readonly type: "pre-vote-reply";
  readonly term: Term;
  readonly granted: boolean;
}

/** Replicates entries; without entries it is the heartbeat (§3.5). `round` is echoed, to confirm reads (§6.4). */
export interface AppendEntries {
  readonly type: "append-entries";
  readonly term: Term;
  readonly prev: LogPosition;
  readonly entries: readonly Entry[];
  readonly leaderCommit: Index;
  readonly round: number;
}

/** The follower's log equals the leader's up to `matchIndex`, durably. */
export interface AppendAccepted {
  readonly type: "append-accepted";
  readonly term: Term;
  readonly matchIndex: Index;
  readonly round: number;
}

/** The follower lacks the entry before the new ones; the hint says where the logs may agree. Proves no match. */
export interface AppendRejected {
  readonly type: "append-rejected";
  readonly term: Term;
  /** The term of the message that is refused: older than `term`, if that is why. */
  readonly refusedTerm: Term;
  readonly rejectedPrev: Index;
  readonly hint: LogPosition;
  readonly round: number;
}

/** The leader's snapshot, for a follower whose next entry is gone (§5.3): all of its content is durable there already. */
export interface InstallSnapshot {
  readonly type: "install-snapshot";
  readonly term: Term;
  readonly snapshot: SnapshotMeta;
}

/** The leader asks a voter that has the whole log to campaign at once (§3.10). */
export interface TimeoutNow {
  readonly type: "timeout-now";
  readonly term: Term;
}

/**
 * A follower asks up to where a read must see the log (§6.4). `question` counts up; `run` tells this process of the
 * follower's from those before it, which counted too.
 */
export interface ReadIndexRequest {
  readonly type: "read-index-request";
  readonly term: Term;
  readonly run: number;
  readonly question: number;
}

/** The leader was still the leader after the question came, and everything committed lies at or before `readIndex`. */
export interface ReadIndexReply {
  readonly type: "read-index-reply";
  readonly term: Term;
  readonly run: number;
  readonly question: number;
  readonly readIndex: Index;
}

export type Message =
  | RequestVote
  | RequestVoteReply
  | PreVote
  | PreVoteReply
  | AppendEntries
  | AppendAccepted
  | AppendRejected
  | InstallSnapshot
  | TimeoutNow
  | ReadIndexRequest
  | ReadIndexReply;
