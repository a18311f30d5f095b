import type { ChangeRefusal, MembershipChange } from "./change-plan.ts";
import type { Message } from "./messages.ts";
import type {
  Entry,
  HardState,
  Index,
  IoId,
  LogPosition,
  Membership,
  Millis,
  NodeId,
  ReadMode,
  Ref,
  Role,
  SnapshotMeta,
  Term,
} from "./types.ts";

/** Everything that can happen to a node. `now` is the only time that the core ever sees. */
export type Event =
  | { readonly type: "tick"; readonly now: Millis }
  | { readonly type: "receive"; readonly now: Millis; readonly from: NodeId; readonly message: Message }
  | { readonly type: "propose"; readonly now: Millis; readonly proposals: readonly Proposal[] }
  | { readonly type: "read"; readonly now: Millis; readonly refs: readonly Ref[]; readonly mode: ReadMode }
  | { readonly type: "reconfigure"; readonly now: Millis; readonly ref: Ref; readonly change: MembershipChange }
  /** Leadership is to go to `to`, or to the most up-to-date voter (§3.10). */
  | { readonly type: "transfer"; readonly now: Millis; readonly ref: Ref; readonly to: NodeId | null }
  /** This write and all before it are durable. */
  | { readonly type: "persisted"; readonly now: Millis; readonly io: IoId }
  /** The state machine has applied everything up to `index`. */
  | { readonly type: "applied"; readonly now: Millis; readonly index: Index }
  /** A snapshot that this node took of its own state machine is durable (§5.1). */
  | { readonly type: "snapshot-made"; readonly now: Millis; readonly snapshot: SnapshotMeta }
  /** The follower's node has all of the snapshot that ends with `index`, or will not get it. */
  | { readonly type: "snapshot-sent"; readonly now: Millis; readonly to: NodeId; readonly index: Index }
  | { readonly type: "snapshot-failed"; readonly now: Millis; readonly to: NodeId; readonly index: Index };

export interface Proposal {
  readonly ref: Ref;
  readonly command: unknown;
  /** Size of the command where it is written and sent. */
  readonly bytes: number;
}

/** Everything that a node does. The driver carries the effects out in order. */
export type Effect =
  /**
   * One atomic record: all of it is durable, or none. With `base` all earlier entries are void, and the log begins anew
   * behind that position, where a durable snapshot ends. Replaces every entry from `truncateFrom` on.
   */
  | {
      readonly type: "persist";
      readonly io: IoId;
      readonly hard?: HardState;
      readonly base?: LogPosition;
      readonly truncateFrom?: Index;
      readonly append?: readonly Entry[];
    }
  /** With `after`, the message promises durability and leaves only when that write is durable (§3.8). */
  | { readonly type: "send"; readonly to: NodeId; readonly message: Message; readonly after?: IoId }
  /** Committed entries for the state machine, in order, with the requests that wait for each. */
  | { readonly type: "apply"; readonly entries: readonly AppliedEntry[] }
  /** The state machine may answer these reads from its present state. */
  | { readonly type: "serve-read"; readonly refs: readonly Ref[] }
  /** The state machine is to become what this snapshot holds, before it applies anything more (§5.3). */
  | { readonly type: "restore"; readonly snapshot: SnapshotMeta }
  /** Nothing up to `through` is needed from the log on disk any more: a durable snapshot stands in for it. */
  | { readonly type: "compact"; readonly through: Index }
  /** The follower needs entries that are gone. Ends with `snapshot-sent` or `snapshot-failed`, or with the leadership. */
  | { readonly type: "send-snapshot"; readonly to: NodeId; readonly term: Term; readonly snapshot: SnapshotMeta }
  | { readonly type: "reply"; readonly refs: readonly Ref[]; readonly outcome: Outcome }
  | { readonly type: "change-answer"; readonly refs: readonly Ref[]; readonly outcome: ChangeOutcome }
  | { readonly type: "transfer-ended"; readonly refs: readonly Ref[]; readonly outcome: TransferOutcome }
  /** A follower refused an entry that it had acknowledged: what it promised is lost, and cannot be repaired here. */
  | {
      readonly type: "follower-lost-entries";
      readonly follower: NodeId;
      readonly refusedIndex: Index;
      readonly matchIndex: Index;
    }
  | {
      readonly type: "role";
      readonly role: Role;
      readonly term: Term;
      readonly leader: NodeId | null;
      readonly reason: string;
    };

export interface AppliedEntry {
  readonly entry: Entry;
  readonly refs: readonly Ref[];
}

/**
/**
 * `not-leader`, `overloaded` (too much waits for a majority) and `transferring`: certainly not accepted.
 * `outcome-unknown`: accepted by a leader that then lost its leadership.
 */
export type Outcome =
  | { readonly type: "not-leader"; readonly leader: NodeId | null }
  | { readonly type: "overloaded" }
  | { readonly type: "transferring"; readonly to: NodeId }
  | { readonly type: "outcome-unknown" };

/** `reconfigured`: committed, and nothing of the change is left to do. `refused`: the members are what they were. */
export type ChangeOutcome =
  | { readonly type: "reconfigured"; readonly membership: Membership }
  | { readonly type: "refused"; readonly reason: ChangeRefusal };
/**
 * `superseded`: another server was elected than the one asked for. `timed-out`: the leader takes requests again, or nobody
 * was elected within the election timeout; the one asked for may still campaign.
 */
export type TransferOutcome =
  | { readonly type: "done" | "superseded"; readonly leader: NodeId; readonly term: Term }
  | { readonly type: "timed-out" }
  | { readonly type: "refused"; readonly reason: TransferRefusal; readonly leader: NodeId | null };

export type TransferRefusal =
  | "not-leader"
  | "already-leader"
  | "unknown-member"
  | "not-a-voter"
  | "no-other-voter"
  | "transfer-in-flight";
