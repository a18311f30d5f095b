import type { Effect, Event } from "../../core/events.ts";
import { votersOnly } from "../../core/membership.ts";
import type { Entry, Index, NodeId } from "../../core/types.ts";
import { Invariants } from "../invariants.ts";
import type { NodeView } from "../node-view.ts";
import { InvariantViolation } from "../violation.ts";

/** What a view is to show from now on. */
type Shown = {
  -readonly [K in Exclude<keyof NodeView, "id" | "matchOf" | "inFlightTo" | "snapshotsOnTheirWay">]?: NodeView[K];
} & {
  matches?: Readonly<Record<NodeId, Index>>;
  inFlight?: Readonly<Record<NodeId, readonly Index[]>>;
};

type Persist = Extract<Effect, { type: "persist" }>;

const tick: Event = { type: "tick", now: 0 };

/** Nodes that show and do what a test says, whether Raft allows it or not. */
export class TestWorld {
  readonly leases = new Set<NodeId>();
  readonly watched = new Invariants({ holdsLease: (id) => this.leases.has(id) });
  readonly #views = new Map<NodeId, NodeView & Shown>();
  #lastIo = 0;

  constructor(ids: readonly NodeId[]) {
    const membership = votersOnly(ids);
    for (const id of ids) {
      const view: NodeView & Shown = {
        ...{ id, term: 0, role: "follower", votedFor: null, baseIndex: 0, lastIndex: 0, durableIndex: 0 },
        ...{ commitIndex: 0, lastApplied: 0, membership, timerLeft: 1, uncommittedBytes: null, questions: null },
        limits: { trailingEntries: 2, maxUncommittedBytes: 10 },
        snapshotsOnTheirWay: () => [],
        inFlightTo: (peer) => this.#views.get(id)?.inFlight?.[peer] ?? [],
        matchOf: (peer) => this.#views.get(id)?.matches?.[peer] ?? null,
      };
      this.#views.set(id, view);
      this.watched.started(view, { bootstrap: membership, snapshot: null, base: { index: 0, term: 0 }, entries: [] });
    }
  }

  step(id: NodeId, shown: Shown, effects: readonly Effect[] = [], event: Event = tick): void {
    this.watched.stepped(this.#show(id, shown), event, effects);
  }

  leads(id: NodeId, term: number, votedFor = id): void {
    this.step(id, { term, role: "leader", votedFor });
  }

  /** One write, which is durable at once. */
  writes(id: NodeId, write: Omit<Persist, "type" | "io">, shown: Shown = {}, event: Event = tick): void {
    const io = ++this.#lastIo;
    this.step(id, shown, [{ type: "persist", io, ...write }], event);
    this.watched.durable(id, io);
  }

  /** Entries for the end of a log; the node is in the term of the last of them, unless told otherwise. */
  appends(id: NodeId, append: readonly Entry[], shown: Shown = {}, event: Event = tick): void {
    const last = append.at(-1)!;
    const term = Math.max(this.#views.get(id)!.term, last.term);
    this.writes(id, { append }, { term, lastIndex: last.index, durableIndex: last.index, ...shown }, event);
  }

  applies(id: NodeId, entries: readonly Entry[]): void {
    this.step(id, {}, [{ type: "apply", entries: entries.map((entry) => ({ entry, refs: [] })) }]);
  }

  restart(id: NodeId, shown: Shown, entries: readonly Entry[] = []): void {
    this.watched.crashed(id);
    const view = this.#show(id, { role: "follower", votedFor: null, ...shown });
    const start = { bootstrap: view.membership, snapshot: null, base: { index: 0, term: 0 } };
    this.watched.started(view, { ...start, entries: entries.map((entry) => ({ ...entry, entry })) });
  }

  /** The violation that the deed ends in. */
  violationOf(deed: () => void): InvariantViolation {
    try {
      deed();
    } catch (error) {
      if (error instanceof InvariantViolation) return error;
      throw error;
    }
    throw new Error("no invariant was broken");
  }

  #show(id: NodeId, shown: Shown): NodeView {
    const view = { ...this.#views.get(id)!, ...shown };
    this.#views.set(id, view);
    return view;
  }
}
