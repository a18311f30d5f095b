import type { Invariant } from "./invariant.ts";
import type { Position } from "./log-model.ts";
import type { NodeRecord } from "./world.ts";
import { commitsAsLeader, named } from "./world.ts";

/** I6. Leaders commit; others hear of it. */
export const committedPrefixes: Invariant = {
  id: "I6",
  name: "LogInv",
  statement: "committed logs are prefixes of one another, and no node commits what no leader has committed",
  source: "§3.6.3; etcd/raft tla/etcdraft.tla",
  watch: ({ committed }, violated) => {
    const committers = new Map<Position, string>();
    let byLeaders = 0;
    const commit = (node: NodeRecord, to: number) => {
      const position = node.log.at(to);
      if (position === null) return violated([node.id], `commits ${to}, which is not in its log`);
      const clash = committed.extend(position, node.view.term);
      if (clash !== null) {
        const first = committers.get(clash.known) ?? "others";
        violated([node.id], `commits ${named(clash.other)} where ${first} committed ${named(clash.known)}`);
      }
      if (!committers.has(position)) committers.set(position, node.id);
    };
    return {
      started: ({ node, start }) => {
        const { commitIndex } = node.view;
        if (start.snapshot !== null && node.log.base.before === null)
          byLeaders = Math.max(byLeaders, node.log.base.index);
        if (commitIndex > byLeaders) violated([node.id], `starts with ${commitIndex} committed, which nobody knows of`);
        if (commitIndex > 0) commit(node, commitIndex);
      },
      stepped: ({ node, view }) => {
        const { commitIndex } = view;
        if (commitIndex <= node.before.commitIndex) return;
        commit(node, commitIndex);
        if (commitsAsLeader(node, view)) byLeaders = Math.max(byLeaders, commitIndex);
        else if (commitIndex > byLeaders) {
          violated([node.id], `commits up to ${commitIndex}; leaders have committed up to ${byLeaders}`);
        }
      },
    };
  },
};

/** I5. */
export const stateMachineSafety: Invariant = {
  id: "I5",
  name: "State Machine Safety",
  statement: "state machines apply every index once and in order, and no two apply different entries at one index",
  source: "§3.6.3, Figure 3.2",
  watch: ({ positions }, violated) => {
    const applied: { readonly position: Position; readonly by: string }[] = [];
    const next = new Map<string, number>();
    const apply = (node: NodeRecord, position: Position) => {
      const due = next.get(node.id) ?? 1;
      if (position.index !== due) violated([node.id], `applies ${named(position)} where ${due} is due`);
      next.set(node.id, due + 1);
      const known = applied[position.index];
      if (known === undefined) applied[position.index] = { position, by: node.id };
      else if (known.position !== position) {
        violated([known.by, node.id], `applies ${named(position)} where ${known.by} applied ${named(known.position)}`);
      }
    };
    return {
      started: ({ node, start }) => void next.set(node.id, (start.snapshot?.index ?? 0) + 1),
      stepped: ({ node, effects }) => {
        for (const effect of effects) {
          if (effect.type === "restore") next.set(node.id, effect.snapshot.index + 1);
          if (effect.type !== "apply") continue;
          for (const { entry } of effect.entries) {
            apply(node, positions.find(entry) ?? violated([node.id], `applies ${named(entry)}, which is in no log`));
          }
        }
      },
    };
  },
};
