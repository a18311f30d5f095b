import type { Effect, Event } from "../core/events.ts";
import type { RaftState } from "../core/state.ts";
import type { step } from "../core/step.ts";
import type { IoId, NodeId } from "../core/types.ts";

/** Hears of everything that the nodes of a cluster do, as it happens. */
export interface ClusterWatch {
  /** A process has recovered its node, which begins with this state. */
  started(state: RaftState): void;
  /** The core of a node has handled an event. */
  stepped(state: RaftState, event: Event, effects: readonly Effect[]): void;
  /** The disk of a node has this write and all before it; nobody has acted on that yet. */
  durable(id: NodeId, io: IoId): void;
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

/** Counts what happens. */
export function countSteps(): ClusterWatch & { readonly steps: number } {
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    started: () => undefined,
    stepped: () => {
      steps++;
    },
    durable: () => undefined,
    ended: () => undefined,
  };
}
