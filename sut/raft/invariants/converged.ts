import { isJoint, membersOf } from "../core/membership.ts";
import type { NodeId } from "../core/types.ts";
import { named, type World } from "./world.ts";

/**
 * What keeps the live servers from being of one mind, in a sentence; null when they are. I23, Liveness, is judged by it, by
 * whoever ran the faults: only they know when the last one was over, and whom it left for good.
 */
export function notConverged(world: World, live: readonly NodeId[]): string | null {
  const nodes = live.map((id) => world.node(id));
  const down = nodes.find(({ up }) => !up);
  if (down !== undefined) return `${down.id} is down`;
  const leaders = nodes.filter(({ view }) => view.role === "leader");
  const [leader] = leaders;
  if (leader === undefined) return "nobody leads";
  if (leaders.length > 1) return `${leaders.map(({ id }) => id).join(" and ")} lead`;
  const { membership, commitIndex } = leader.view;
  if (isJoint(membership) || leader.log.last.configIndex > commitIndex) return "a change of members is not done";
  if (commitIndex < leader.log.last.index)
    return `${leader.id} has committed ${commitIndex} of ${leader.log.last.index}`;
  const members = new Set(membersOf(membership));
  for (const { id, log, view } of nodes) {
    if (!members.has(id)) continue;
    if (view.term !== leader.view.term) return `${id} is in term ${view.term}, ${leader.id} in ${leader.view.term}`;
    if (log.last !== leader.log.last) return `the log of ${id} ends with ${named(log.last)}`;
    if (view.lastApplied < commitIndex) return `${id} has applied ${view.lastApplied} of ${commitIndex}`;
  }
  return null;
}
