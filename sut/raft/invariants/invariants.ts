import type { Effect, Event } from "../core/events.ts";
import type { IoId, NodeId } from "../core/types.ts";
import type { DiskPromise, FoundOnCopy, Invariant, SessionDeed, SnapshotContent, Watcher } from "./invariant.ts";
import type { NodeView, StartView } from "./node-view.ts";
import { type Happening, RecentEvents } from "./recent-events.ts";
import { invariants } from "./registry.ts";
import { InvariantViolation } from "./violation.ts";
import { type NodeRecord, showIn, World } from "./world.ts";

export interface InvariantsOptions {
  /** Whether the node would answer reads alone now, by its own clock (§6.4.1). Left out: leases are not looked at. */
  readonly holdsLease?: (id: NodeId) => boolean;
  /** When something happens; left out: nobody knows, and violations tell no times. */
  readonly nowNs?: () => number;
  /** How many of the last steps a violation records, and of the last campaigns, elections, starts and crashes. */
  readonly lastSteps?: number;
  readonly lastTurns?: number;
}

/**
 * Watches a cluster, and holds every invariant against each step of it. Pure: it is told what happens, in an order in
 * which nothing comes before its cause. Whatever finds one broken throws InvariantViolation; there is nothing to be
 * learnt from what follows.
 */
export class Invariants {
  readonly world: World;
  readonly #watchers: readonly Watcher[];
  /** Those that look at steps, and at writes: most of what happens. */
  readonly #ofSteps: readonly Required<Pick<Watcher, "stepped">>[];
  readonly #ofWrites: readonly Required<Pick<Watcher, "durable">>[];
  readonly #recent: RecentEvents;
  readonly #turns: RecentEvents;
  readonly #nowNs: () => number | null;
  #steps = 0;

  constructor(options: InvariantsOptions = {}) {
    const { holdsLease = () => false, nowNs = () => null, lastSteps = 40, lastTurns = 20 } = options;
    this.world = new World(holdsLease);
    this.#recent = new RecentEvents(lastSteps);
    this.#turns = new RecentEvents(lastTurns);
    this.#nowNs = nowNs;
    this.#watchers = invariants.map((invariant) =>
      invariant.watch(this.world, (nodes, detail) => this.#violated(invariant, nodes, detail)),
    );
    this.#ofSteps = this.#watchers.flatMap(({ stepped }) => (stepped === undefined ? [] : [{ stepped }]));
    this.#ofWrites = this.#watchers.flatMap(({ durable }) => (durable === undefined ? [] : [{ durable }]));
  }

  /** How many things were told so far. */
  get steps(): number {
    return this.#steps;
  }

  /** A node's process begins, for the first time or after a crash, with what it found on its disk. */
  started(view: NodeView, start: StartView): void {
    this.#note(view.id, { type: "start" }, true);
    const { node, mismatch } = this.world.start(view, start);
    for (const watcher of this.#watchers) watcher.started?.({ node, start, mismatch });
    this.world.trustDisk(node, start);
  }

  /** The core of a node has handled an event: `view` shows it after that. */
  stepped(view: NodeView, event: Event, effects: readonly Effect[]): void {
    const node = this.world.node(view.id);
    node.view = view;
    const step = this.world.step(node, event, effects);
    if (event.type === "tick" && effects.length === 0) this.#steps++;
    else this.#note(node.id, step, effects.some(isTurn));
    for (const watcher of this.#ofSteps) watcher.stepped(step);
    showIn(node.before, view);
  }

  /** The disk has this write of the core's, and all before it. To be told before anybody acts on it. */
  durable(id: NodeId, io: IoId): void {
    this.#note(id, { type: "durable", write: io });
    const node = this.world.node(id);
    this.world.durable(node, io);
    for (const watcher of this.#ofWrites) watcher.durable(node);
  }

  /** The process is gone. */
  crashed(id: NodeId): void {
    this.#note(id, { type: "crash" }, true);
    this.world.node(id).up = false;
  }

  /** The state machine changes its state for a session's command. */
  carriedOut(id: NodeId, deed: SessionDeed): void {
    const node = this.world.node(id);
    for (const watcher of this.#watchers) watcher.carriedOut?.(node, deed);
  }

  snapshotTaken(id: NodeId, content: SnapshotContent): void {
    this.#note(id, { type: "snapshot-taken", index: content.label });
    const node = this.world.node(id);
    for (const watcher of this.#watchers) watcher.snapshotTaken?.(node, content);
  }

  /** The state machine has become what a snapshot holds. */
  snapshotRestored(id: NodeId, content: Omit<SnapshotContent, "applied">): void {
    this.#note(id, { type: "snapshot-restored", index: content.label });
    const node = this.world.node(id);
    for (const watcher of this.#watchers) watcher.snapshotRestored?.(node, content);
  }

  /**
   * The disk of a node is copied, as a crash would leave it. What a node finds on the copy is told to what this returns: it
   * is held against what was durable at the moment of the copy.
   */
  diskCopied(id: NodeId): (found: FoundOnCopy) => void {
    const promised = promiseOf(this.world.nodes.get(id));
    return (found) => {
      const log = "refusal" in found ? null : this.world.recoveredLog(found.start);
      for (const watcher of this.#watchers) watcher.copyRecovered?.({ id, promised, found, log });
    };
  }

  #note(id: NodeId, what: Happening, turns = false): void {
    this.#steps++;
    const atNs = this.#nowNs();
    this.#recent.add(this.#steps, atNs, id, what);
    if (turns) this.#turns.add(this.#steps, atNs, id, what);
  }

  #violated(invariant: Invariant, nodes: readonly NodeId[], detail: string): never {
    throw new InvariantViolation(invariant, {
      nodes,
      detail,
      step: this.#steps,
      lastSteps: this.#recent.records(),
      lastTurns: this.#turns.records(),
    });
  }
}

/** Somebody campaigns or leads: who follows then goes without saying. */
function isTurn(effect: Effect): boolean {
  return effect.type === "role" && effect.role !== "follower";
}

function promiseOf(node: NodeRecord | undefined): DiskPromise | null {
  if (node === undefined) return null;
  const { hard, log, snapshot } = node.disk;
  return { hard, snapshot, log: log.copy(), pendingEnds: node.pending.map(({ last }) => last) };
}
