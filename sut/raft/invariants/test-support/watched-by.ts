import type { RaftState } from "../../core/state.ts";
import type { ClusterWatch } from "../../core/test-cluster.ts";
import type { Entry, NodeId } from "../../core/types.ts";
import type { Invariants } from "../invariants.ts";
import { liveView, type NodeView, startOf } from "../node-view.ts";

/** Lets the invariants watch a cluster of pure cores. */
export function watchedBy(invariants: Invariants): ClusterWatch {
  const views = new Map<NodeId, NodeView>();
  return {
    started: (id: NodeId, state: RaftState) => {
      const view = liveView(state);
      views.set(id, view);
      invariants.started(view, startOf(state));
    },
    stepped: (id, event, effects) => invariants.stepped(views.get(id)!, event, effects),
    durable: (id, io) => invariants.durable(id, io),
    crashed: (id) => invariants.crashed(id),
    snapshotTaken: (id, label, content) =>
      invariants.snapshotTaken(id, { label, applied: content.length, digest: digestOf(content) }),
    snapshotRestored: (id, label, content) => invariants.snapshotRestored(id, { label, digest: digestOf(content) }),
  };
}

/** The state machine of these clusters is the list of what was applied. */
function digestOf(content: readonly Entry[]): string {
  return content.map(({ index, term, kind, command }) => `${index}@${term} ${kind} ${command}`).join("\n");
}
