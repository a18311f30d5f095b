import type { Event } from "../core/events.ts";
import type { Index, NodeId, Term } from "../core/types.ts";
import type { Invariant } from "./invariant.ts";

/** I13. A follower in a later term may have dropped what an earlier leader still counts on: nobody commits by it. */
export const matchTruth: Invariant = {
  id: "I13",
  name: "MatchTruth",
  statement: "a follower of the term holds the leader's log durably up to its match index",
  source: "§3.5; CCF#5325",
  watch: (world, violated) => ({
    stepped: ({ node, view, event }) => {
      const from = answering(event);
      if (from === null || view.role !== "leader") return;
      const match = view.matchOf(from) ?? 0;
      const peer = world.nodes.get(from);
      if (peer === undefined || Math.max(peer.view.term, peer.disk.hard.term) > view.term) return;
      const position = node.log.at(match) ?? world.committed.at(match);
      if (position === null || world.holdsDurably(peer, position)) return;
      violated([node.id, from], `counts on ${from} up to ${match}@${position.term}, which ${from} does not hold`);
    },
  }),
};

/** I14. A member that was removed and came back begins anew. */
export const matchMonotone: Invariant = {
  id: "I14",
  name: "MatchMonotone",
  statement: "a follower's match index never decreases in a leader's term",
  source: "§3.5; CCF#5324",
  watch: (_world, violated) => {
    const matches = new Map<NodeId, { readonly term: Term; readonly of: Map<NodeId, Index> }>();
    return {
      started: ({ node }) => void matches.delete(node.id),
      stepped: ({ node: { id }, view, event, appended }) => {
        const from = answering(event);
        if (appended.some(({ entry }) => entry?.kind === "config")) matches.delete(id);
        if (from === null || view.role !== "leader") return;
        const match = view.matchOf(from);
        if (match === null) return;
        const last = matches.get(id);
        const known = last?.term === view.term ? last : { term: view.term, of: new Map<NodeId, Index>() };
        if (known !== last) matches.set(id, known);
        const before = known.of.get(from) ?? 0;
        if (match < before) violated([id, from], `its match index for ${from} goes back from ${before} to ${match}`);
        known.of.set(from, match);
      },
    };
  },
};

/** The follower whose answer this is. */
function answering(event: Event): NodeId | null {
  if (event.type !== "receive") return null;
  const { type } = event.message;
  return type === "append-accepted" || type === "append-rejected" ? event.from : null;
}
