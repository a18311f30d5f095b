import type { Effect, Event } from "../core/events.ts";
import type { RaftState } from "../core/state.ts";
import type { step } from "../core/step.ts";
import type { IoId, NodeId } from "../core/types.ts";
import { notConverged } from "../invariants/converged.ts";
import type { FoundOnCopy } from "../invariants/invariant.ts";
import { Invariants } from "../invariants/invariants.ts";
import { liveView, type NodeView, startOf } from "../invariants/node-view.ts";
import { InvariantViolation } from "../invariants/violation.ts";
import type { StateMachineWatch } from "../node/assemble.ts";

/** Hears of everything that the nodes of a cluster do, as it happens. */
export interface ClusterWatch {
  /** A process has recovered its node, which begins with this state. */
  started(state: RaftState): void;
  /** The core of a node has handled an event. */
  stepped(state: RaftState, event: Event, effects: readonly Effect[]): void;
  /** The disk of a node has this write and all before it; nobody has acted on that yet. */
  durable(id: NodeId, io: IoId): void;
  /** The same for its state machine. */
  stateMachine(id: NodeId): StateMachineWatch;
  /** The disk of a node is copied; to be told what a node would find on the copy. */
  diskCopied(id: NodeId): (found: FoundOnCopy) => void;
  /** The process of a node is gone. */
  ended(id: NodeId): void;
}

/** The core's `step`, with somebody watching. */
export function watchedStep(inner: typeof step, state: RaftState, watch: ClusterWatch): typeof step {
  watch.started(state);
  return (stepped, event, rules, random) => {
    const effects = inner(stepped, event, rules, random);
    watch.stepped(stepped, event, effects);
    return effects;
  };
}

export interface InvariantsWatch extends ClusterWatch {
  /** What was looked at so far. */
  readonly steps: number;
  /** I23: what keeps these nodes from being of one mind; null when they are. */
  notConverged(core: readonly NodeId[]): string | null;
}

/**
 * Holds Raft's invariants against everything that happens. Tells of the first that is broken, and looks no further: a
 * cluster that is wrong once goes on to be wrong in other ways.
 */
export function watchInvariants(
  holdsLease: (state: RaftState) => boolean,
  nowNs: () => number,
  onViolation: (violation: InvariantViolation) => void,
): InvariantsWatch {
  const views = new Map<NodeId, { readonly state: RaftState; readonly view: NodeView }>();
  const invariants = new Invariants({ holdsLease: (id) => holdsLease(views.get(id)!.state), nowNs });
  let broken = false;
  const tell = (error: unknown): void => {
    if (!(error instanceof InvariantViolation)) throw error;
    broken = true;
    onViolation(error);
  };
  const look = (deed: () => void): void => {
    if (broken) return;
    try {
      deed();
    } catch (error) {
      tell(error);
    }
  };
  return {
    get steps() {
      return invariants.steps;
    },
    notConverged: (core) => notConverged(invariants.world, core),
    started: (state) =>
      look(() => {
        const view = liveView(state);
        views.set(view.id, { state, view });
        invariants.started(view, startOf(state));
      }),
    // Most of what happens, so that not even a deed to look at is made for it.
    stepped: ({ config }, event, effects) => {
      if (broken) return;
      try {
        invariants.stepped(views.get(config.id)!.view, event, effects);
      } catch (error) {
        tell(error);
      }
    },
    durable: (id, io) => look(() => invariants.durable(id, io)),
    stateMachine: (id) => ({
      carriedOut: (deed) => look(() => invariants.carriedOut(id, deed)),
      snapshotTaken: (content) => look(() => invariants.snapshotTaken(id, content)),
      snapshotRestored: (content) => look(() => invariants.snapshotRestored(id, content)),
    }),
    diskCopied: (id) => {
      const told = invariants.diskCopied(id);
      return (found) => look(() => told(found));
    },
    ended: (id) => {
      if (views.has(id)) look(() => invariants.crashed(id));
    },
  };
}
