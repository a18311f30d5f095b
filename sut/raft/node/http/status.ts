import type { RaftState } from "../../core/state.ts";
import type { Membership } from "../../core/types.ts";
import type { LoopDelay } from "../loop-delay.ts";

/** What `GET /status` answers. */
export interface NodeStatus {
  readonly id: string;
  readonly role: RaftState["role"];
  readonly term: number;
  readonly leader: string | null;
  readonly votedFor: string | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** Of the entries that the log still has; one more than the last when it has none. */
  readonly firstLogIndex: number;
  readonly lastLogIndex: number;
  /** The entry up to which a snapshot stands in for the log; 0 without one. */
  readonly snapshotIndex: number;
  /** The members by the latest entry about them in the log, committed or not. */
  readonly membership: Membership;
  readonly readMode: string;
  readonly uptimeMs: number;
  /** The time as this process reads it; the monotonic clock counts from anywhere. */
  readonly clock: { readonly wallMs: number; readonly monotonicMs: number };
  readonly eventLoopDelayMs: LoopDelay;
  /** On a leader: how far each follower's log is known to match, and whether it is probed or sent to. */
  readonly peers?: Readonly<Record<string, { readonly matchIndex: number; readonly nextIndex: number; mode: string }>>;
}

/** A node as it shows itself. `uptimeMs`, `clock`, `eventLoopDelayMs` and the read mode are the process's own. */
export function statusOf(
  state: RaftState,
  process: Pick<NodeStatus, "readMode" | "uptimeMs" | "clock" | "eventLoopDelayMs">,
): NodeStatus {
  const { role, term, leader, votedFor, commitIndex, lastApplied, leadership, log } = state;
  const status = {
    id: state.config.id,
    ...{ role, term, leader, votedFor, commitIndex, lastApplied },
    firstLogIndex: log.base.index + 1,
    lastLogIndex: log.lastIndex,
    snapshotIndex: state.snapshot?.index ?? 0,
    membership: log.membership,
    ...process,
  };
  if (leadership === null) return status;
  const peers = Object.fromEntries(
    [...leadership.progress].map(([peer, { matchIndex, nextIndex, mode }]) => [peer, { matchIndex, nextIndex, mode }]),
  );
  return { ...status, peers };
}
