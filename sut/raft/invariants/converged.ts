import { isJoint, membersOf } from "../core/membership.ts";
import type { NodeId } from "../core/types.ts";
import { InvariantViolation } from "./violation.ts";
import { named, type World } from "./world.ts";

/** I23. Judged by whoever ran the faults: only they know when the last one was over, and whom it left for good. */
export const liveness = {
  id: "I23",
  name: "Liveness",
  statement: "once a majority is whole and connected, it has one leader, settled members and equal logs before long",
} as const;

/** What keeps the live servers from being of one mind, in a sentence; null when they are. */
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

/**
 * Throws InvariantViolation when the live servers should be of one mind by now. The caller asks again and again until
 * they are, or until this throws.
 */
export function mustHaveConverged(
  world: World,
  live: readonly NodeId[],
  time: { readonly sinceHealedMs: number; readonly electionTimeoutMs: number; readonly withinTimeouts: number },
): boolean {
  const why = notConverged(world, live);
  if (why === null) return true;
  const timeouts = time.sinceHealedMs / time.electionTimeoutMs;
  if (timeouts <= time.withinTimeouts) return false;
  const detail = `${why}, ${timeouts.toFixed(1)} election timeouts after the last fault`;
  throw new InvariantViolation(liveness, { nodes: live, detail, step: 0, lastEvents: [] });
}
