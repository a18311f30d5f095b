import { snapshotsOnTheirWay } from "../core/compaction.ts";
import type { CoreConfig, RaftState } from "../core/state.ts";
import type { Entry, Index, Membership, NodeId, Role, SnapshotMeta, Term } from "../core/types.ts";

/** What is seen of a node after each step: of a live core, or by a line of its trace. */
export interface NodeView {
  readonly id: NodeId;
  readonly term: Term;
  readonly role: Role;
  readonly votedFor: NodeId | null;
  /** The last entry that is gone from the log, and the last that is there. */
  readonly baseIndex: Index;
  readonly lastIndex: Index;
  readonly durableIndex: Index;
  readonly commitIndex: Index;
  readonly lastApplied: Index;
  readonly membership: Membership;
  /** On a leader: what it knows of a member's log; null for a stranger, and on others. */
  matchOf(peer: NodeId): Index | null;
  /** On a leader: the messages with entries that a member has not confirmed yet, by their last entries. */
  inFlightTo(peer: NodeId): readonly Index[];
  /** What the election timer has left to run, in election timeouts; null where that is not seen. */
  readonly timerLeft: number | null;
  /** What it is to keep within, by its knobs; null where these are not seen. */
  readonly limits: Limits | null;
  /** On a leader: bytes of commands that it takes to be unconfirmed by a majority; null on others, and where that is not seen. */
  readonly uncommittedBytes: number | null;
  /** Questions that the process has asked a leader for its reads, and up to which they are answered; null where that is not seen. */
  readonly questions: { readonly asked: number; readonly answered: number } | null;
  /** On a leader: where the snapshots end that followers are getting now. */
  snapshotsOnTheirWay(): readonly Index[];
}

/** How much a node may keep, as in CoreConfig. */
export type Limits = Pick<CoreConfig, "trailingEntries" | "maxUncommittedBytes">;

/** What a node begins with. */
export interface StartView {
  readonly bootstrap: Membership;
  readonly snapshot: SnapshotMeta | null;
  /** The log behind its base, oldest first; of what an entry holds nothing may be known. */
  readonly base: { readonly index: Index; readonly term: Term };
  readonly entries: Iterable<Pick<Entry, "index" | "term"> & { readonly entry: Entry | null }>;
}

/** A running core: the view shows its present state, at any time. */
export function liveView(state: RaftState): NodeView {
  return new LiveView(state);
}

/** What a core starts with. */
export function startOf({ config, snapshot, log }: RaftState): StartView {
  const entries = log.slice(log.base.index + 1, log.lastIndex);
  return {
    bootstrap: config.bootstrap,
    snapshot,
    base: log.base,
    entries: entries.map((entry) => ({ index: entry.index, term: entry.term, entry })),
  };
}

class LiveView implements NodeView {
  readonly #state: RaftState;

  constructor(state: RaftState) {
    this.#state = state;
  }

  get id(): NodeId {
    return this.#state.config.id;
  }
  get term(): Term {
    return this.#state.term;
  }
  get role(): Role {
    return this.#state.role;
  }
  get votedFor(): NodeId | null {
    return this.#state.votedFor;
  }
  get baseIndex(): Index {
    return this.#state.log.base.index;
  }
  get lastIndex(): Index {
    return this.#state.log.lastIndex;
  }
  get durableIndex(): Index {
    return this.#state.disk.durableIndex;
  }
  get commitIndex(): Index {
    return this.#state.commitIndex;
  }
  get lastApplied(): Index {
    return this.#state.lastApplied;
  }
  get membership(): Membership {
    return this.#state.log.membership;
  }
  get timerLeft(): number {
    const { electionDeadline, now, config } = this.#state;
    return (electionDeadline - now) / config.electionTimeoutMs;
  }
  get limits(): Limits {
    return this.#state.config;
  }
  get questions(): { readonly asked: number; readonly answered: number } {
    return this.#state.followerReads;
  }
  get uncommittedBytes(): number | null {
    return this.#state.leadership?.uncommittedBytes ?? null;
  }
  matchOf(peer: NodeId): Index | null {
    return this.#state.leadership?.progress.get(peer)?.matchIndex ?? null;
  }
  inFlightTo(peer: NodeId): readonly Index[] {
    return this.#state.leadership?.progress.get(peer)?.inFlight ?? [];
  }
  snapshotsOnTheirWay(): readonly Index[] {
    return snapshotsOnTheirWay(this.#state);
  }
}
