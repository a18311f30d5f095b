import { RaftLog } from "./log.ts";
import type { Rules } from "./rules.ts";
import type {
  Entry,
  HardState,
  Index,
  IoId,
  Membership,
  Millis,
  NodeId,
  Ref,
  Role,
  SnapshotMeta,
  Term,
} from "./types.ts";

/** What the core is told once. Times in milliseconds. */
export interface CoreConfig {
  readonly id: NodeId;
  /** The members that a server begins with while its log says nothing of them. None: it waits to be made a member. */
  readonly bootstrap: Membership;
  readonly electionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** Reads may be answered by lease (§6.4.1). All members must agree: it rests on the votes that they withhold. */
  readonly leaseReads: boolean;
  /** By how much the fastest clock of the cluster may run faster than the slowest, in percent. */
  readonly leaseDriftPercent: number;
  readonly noop: boolean;
  /** Entries in one AppendEntries, at most. */
  readonly maxEntriesPerAppend: number;
  /**
   * Bytes of commands in one AppendEntries, at most, but always one entry. Why: a message is sent, written and confirmed
   * as a whole, so a larger one keeps the node from everything else, and may never arrive before its link is given up.
   */
  readonly maxBytesPerAppend: number;
  /** AppendEntries with entries under way to one follower, at most; times the size of one, this bounds their bytes. */
  readonly inflightWindow: number;
  /** Entries that stay in the log behind a snapshot, for followers that are only a little behind. */
  readonly trailingEntries: number;
  /** Bytes of commands that a leader takes without a majority having confirmed them, at most, but always one command. */
  readonly maxUncommittedBytes: number;
}

/** A node's state by the names of Figure 3.1. Handlers change it in place; nothing outside the core does. */
export interface RaftState {
  readonly config: CoreConfig;
  /** Time of the event under way. */
  now: Millis;
  term: Term;
  votedFor: NodeId | null;
  readonly log: RaftLog;
  /** The latest durable snapshot of what is committed; it stands in for all that is gone from the log (§5.1). */
  snapshot: SnapshotMeta | null;
  role: Role;
  leader: NodeId | null;
  commitIndex: Index;
  /** Handed to the state machine up to here; `lastApplied` follows when it reports back. */
  handedToApply: Index;
  lastApplied: Index;
  electionDeadline: Millis;
  lastLeaderContact: Millis;
  /** Answers of the campaign under way. */
  votes: Map<NodeId, boolean>;
  leadership: Leadership | null;
  /** Leadership being handed over by this node; outlives its own leadership until the next leader is seen. */
  transfer: Transfer | null;
  readonly followerReads: FollowerReads;
  /** Requests that wait for the entry at an index. */
  readonly waiters: Map<Index, Waiter>;
  disk: DiskProgress;
}

/** What a leader keeps while it leads. */
export interface Leadership {
  readonly progress: Map<NodeId, Progress>;
  /** The log's end when the term began, with the no-op: committed entries of earlier terms lie before it. */
  readonly termStartIndex: Index;
  /** Each round of empty messages begins the next; later messages carry its number too, and answers give it back. */
  round: number;
  /** The round that was begun last because reads waited. */
  readRound: number;
  readonly pendingReads: PendingRead[];
  /** Bytes of the commands behind the commit index. */
  uncommittedBytes: number;
  readonly forwardedReads: ForwardedRead[];
  readonly lease: Lease;
  heartbeatDue: Millis;
}

/**
 * What a leader knows of one follower. `probe`: looking for where the logs agree, one message at a time. `snapshot`: it
 * is getting one, and no entries meanwhile.
 */
export interface Progress {
  mode: "probe" | "replicate" | "snapshot";
  matchIndex: Index;
  nextIndex: Index;
  /** Last indexes of the appends under way. */
  inFlight: Index[];
  probing: boolean;
  /** Where the snapshot on its way to the follower ends. */
  snapshotIndex: Index | null;
  /** Said once in a term that the follower lost what it had acknowledged. */
  lossReported: boolean;
  lastAnswer: Millis;
  answeredRound: number;
  /** Of a member that was removed: it is still sent the entry that says so, until it has it or the deadline passes. */
  removal: { readonly index: Index; readonly deadline: Millis } | null;
}

export interface Waiter {
  readonly term: Term;
  readonly refs: readonly Ref[];
}

export interface PendingRead {
  readonly refs: readonly Ref[];
  readonly round: number;
  readonly readIndex: Index;
}

/** A follower's question, to be answered when the round is (§6.4). */
export interface ForwardedRead {
  readonly follower: NodeId;
  readonly run: number;
  readonly question: number;
  readonly round: number;
  readonly readIndex: Index;
}

/** How long a majority has promised to elect nobody else (§6.4.1). */
export interface Lease {
  until: Millis;
  /** When the rounds began that a majority has not answered yet, oldest first. */
  readonly rounds: { readonly round: number; readonly beganAt: Millis }[];
  /** Somebody was asked to campaign in spite of it. The message may arrive at any later time: no lease in this term. */
  givenUp: boolean;
}

/** Leadership on its way to another server (§3.10). */
export interface Transfer {
  readonly to: NodeId;
  /** The term of the leadership that is handed over. */
  readonly term: Term;
  readonly beganAt: Millis;
  timeoutNowSent: boolean;
  readonly refs: Ref[];
}

/** Reads that this server answers as a follower (§6.4). One question is under way at a time, for all that wait. */
export interface FollowerReads {
  /** Drawn when the process started. */
  readonly run: number;
  /** The latest question asked, and the latest answered. */
  asked: number;
  answered: number;
  askedAt: Millis;
  /** Reads by the first question that came after them. */
  readonly waiting: { readonly refs: readonly Ref[]; readonly question: number }[];
  /** Reads that wait for the state machine. */
  readonly confirmed: { readonly refs: readonly Ref[]; readonly readIndex: Index }[];
}

/** Writes handed to the disk that are not durable yet, oldest first, and how far the log is durable. */
export interface DiskProgress {
  lastIo: IoId;
  durableIndex: Index;
  pending: PendingWrite[];
}

export interface PendingWrite {
  readonly io: IoId;
  readonly hard: HardState | null;
  /** What the log was durable up to once this write is done, as far as it was not replaced since. */
  lastIndex: Index;
}

/** What a disk remembers: entries are those after the snapshot. */
export interface Recovered {
  readonly hard: HardState;
  readonly snapshot: SnapshotMeta | null;
  readonly entries: readonly Entry[];
}

/** A node as it starts: a follower with what its disk remembers (§3.8). `random` and `run` are drawn from [0, 1). */
export function startState(
  config: CoreConfig,
  recovered: Recovered,
  start: { readonly now: Millis; readonly random: number; readonly run: number },
  rules: Rules,
): RaftState {
  const base = recovered.snapshot ?? { index: 0, term: 0, membership: config.bootstrap };
  const log = new RaftLog(base, recovered.entries);
  const commitIndex = Math.max(base.index, rules.commitAfterRestart(log.lastIndex));
  const { term, votedFor } = rules.hardStateAfterRestart(recovered.hard);
  return {
    config,
    now: start.now,
    term,
    votedFor,
    log,
    snapshot: recovered.snapshot,
    role: "follower",
    leader: null,
    commitIndex,
    handedToApply: base.index,
    lastApplied: base.index,
    electionDeadline: start.now + rules.electionTimeout(config.electionTimeoutMs, start.random),
    lastLeaderContact: rules.leaderContactAfterStart(start.now, config.leaseReads),
    votes: new Map(),
    leadership: null,
    transfer: null,
    followerReads: newFollowerReads(rules.runOfProcess(start.run)),
    waiters: new Map(),
    disk: { lastIo: 0, durableIndex: log.lastIndex, pending: [] },
  };
}

function newFollowerReads(run: number): FollowerReads {
  return { run, asked: 0, answered: 0, askedAt: 0, waiting: [], confirmed: [] };
}
