import type { Invariant, Violated } from "./invariant.ts";
import type { Position } from "./log-model.ts";
import { commitsAsLeader, type NodeRecord, named, type World } from "./world.ts";

/** I8. */
export const committedIsDurable: Invariant = {
  id: "I8",
  name: "CommittedIsDurable",
  statement: "what a leader commits is durable on a majority of its members, of both sets while they change",
  source: "§3.5, §3.8, §10.2.1; etcd/raft tla/etcdraft.tla",
  watch: (world, violated) => ({
    stepped: ({ node, view }) => {
      if (view.commitIndex <= node.before.commitIndex || !commitsAsLeader(node, view)) return;
      const position = node.log.at(view.commitIndex);
      if (position === null || world.quorumHolds(view.membership, position)) return;
      violated([node.id], `commits ${named(position)}, which is durable on ${holders(world, position)} alone`);
    },
  }),
};

/** I7. Looked at when something changes that it rests on: logs that lose entries, members, leaders. */
export const quorumLog: Invariant = {
  id: "I7",
  name: "QuorumLog",
  statement: "every committed entry is in the durable log of a server of every majority that may elect",
  source: "§3.6.3, §4.1; etcd/raft tla/etcdraft.tla, openraft#1753",
  watch: (world, violated) => ({
    started: () => check(world, violated),
    stepped: ({ node, view, truncatedFrom, effects, appended }) => {
      const elected = view.role === "leader" && node.before.role !== "leader";
      const lost = truncatedFrom !== null || (effects[0]?.type === "persist" && effects[0].base !== undefined);
      if (elected || lost || appended.some(({ entry }) => entry?.kind === "config")) check(world, violated);
    },
    durable: () => check(world, violated),
  }),
};

/** By the members of the latest leader: it has every committed change of them. */
function check(world: World, violated: Violated): void {
  const leader = world.topLeader();
  const last = world.committed.at(world.committed.lastIndex);
  if (leader === null || last === null || last.term > leader.view.term) return;
  if (world.everyQuorumHolds(leader.view.membership, last)) return;
  violated([leader.id], `${named(last)} is committed, and durable on ${holders(world, last)} alone`);
}

function holders(world: World, position: Position): string {
  const ids = [...world.nodes.values()].filter((node: NodeRecord) => world.holdsDurably(node, position));
  return ids.length === 0 ? "no server" : ids.map(({ id }) => id).join(", ");
}
