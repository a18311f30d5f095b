/** Words of the paper that everything else is made of. All of it is plain data. */

export type NodeId = string;
/** Terms number elections (§3.3); 0 is before the first. */
export type Term = number;
/** A thousand elections a second would take four months to get there: a larger term is a lie. It has ten digits in file names. */
export const maxTerm: Term = 9_999_999_999;
/** Log positions count from 1; 0 is the empty log. Numbers are exact up to 2^53. */
export type Index = number;
/** Milliseconds of a clock that never goes back, handed in with every event. */
export type Millis = number;
/** Names one write to the disk; writes finish in the order of their ids. */
export type IoId = number;
/** Names a request of the driver's, which the core hands back with its answer. */
export type Ref = number;

/**
 * `noop` opens a leader's term (§6.4), `command` is the client's, `read` is a read that goes through the log, `config`
 * changes who the members are (§4.1).
 */
export interface Entry {
  readonly index: Index;
  readonly term: Term;
  readonly kind: "noop" | "command" | "read" | "config";
  /** Opaque to the core. */
  readonly command?: unknown;
  /** Size of the command where it is written and sent, told by whoever proposed it; 0 without one. */
  readonly bytes: number;
  /** Of a `config` entry: in effect from the moment that a server has it in its log. */
  readonly membership?: Membership;
}

/** An entry named by what identifies it in every log (§3.5, Log Matching). */
export interface LogPosition {
  readonly index: Index;
  readonly term: Term;
}

/** What a server must remember before it promises anything (§3.8). */
export interface HardState {
  readonly term: Term;
  readonly votedFor: NodeId | null;
}

/**
 * The members of a cluster. `incoming` vote; while two sets of voters overlap (joint consensus, §4.3) `outgoing` vote too,
 * and both majorities are needed. `learners` get the log and do not vote (§4.2.1); `learnersNext` become learners when the
 * outgoing set is left, being voters of it until then. With `autoLeave` the leader leaves it as soon as it may.
 */
export interface Membership {
  readonly incoming: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly learnersNext: readonly NodeId[];
  readonly autoLeave: boolean;
}

/** What a snapshot stands in for: the log up to an entry, and the members as of there (§5.1). */
export interface SnapshotMeta extends LogPosition {
  readonly membership: Membership;
}

export type Role = "follower" | "pre-candidate" | "candidate" | "leader";

export const readModes = ["local", "leader", "log", "read-index", "lease", "follower"] as const;
/**
 * How a read is answered. `local` and `leader` are unsafe, on purpose; `lease` is safe while clocks keep to a bound (§6.4.1);
 * `follower` is ReadIndex, asked at any server.
 */
export type ReadMode = (typeof readModes)[number];
