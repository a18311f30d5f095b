import { deafen } from "../../../nemesis/grudges.ts";
import { partition } from "../../../nemesis/partition.ts";
import { pause } from "../../../nemesis/pause.ts";
import { randomStream } from "../../../random/stream.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Nemesis } from "../nemesis.ts";
import type { Inside } from "../world.ts";
import type { Terms } from "./outsiders.ts";

type Settled = Terms["settled"];
const nothing: Settled = new Map();

/** Waits until what is missing is there, or until it has taken too long. */
type Wait = (look: () => string | null) => Promise<string | null>;

/**
 * In half of the runs the leader is one of those who are broken: it hears nobody, and is heard by all. It has to step down
 * (§6.2). Where the knobs do not ask that of it, a majority can bear it only as the leader of an old term: then it sleeps
 * until the others follow a successor, goes on, and the successor is down for good.
 */
export async function settleLeader(
  { seed, nodes, timeLimitMs }: Pick<Plan, "seed" | "nodes" | "timeLimitMs">,
  inside: Pick<Inside, "voters" | "followed" | "bearsDeafNodes" | "leadsUnanswered">,
  nemesis: Pick<Nemesis, "breakForGood" | "heal" | "healAll">,
  wait: Wait,
): Promise<Settled> {
  // A stream of its own, so that it moves nothing else.
  if (randomStream(seed, "liveness leader").fraction() < 0.5) return nothing;
  const voters = [...new Set(inside.voters().flat())];
  const leader = inside.followed(voters);
  if (leader === null) return nothing;
  if (inside.bearsDeafNodes) return new Map([[leader, "deaf"]]);
  if (!inside.leadsUnanswered || !sparesTwo(inside)) return nothing;
  await nemesis.breakForGood(partition, { nodes: [leader], cut: deafen(leader, nodes) }, timeLimitMs);
  const sleep = await nemesis.breakForGood(pause, { nodes: [leader] }, timeLimitMs);
  const others = voters.filter((voter) => voter !== leader);
  // Everybody, or one that has not heard of the new term would follow the old leader.
  const successor = () => {
    const followed = inside.followed(others);
    return followed === leader ? null : followed;
  };
  await wait(() => (successor() === null ? "no successor is followed" : null));
  const next = successor();
  if (next === null || !sparesTwo(inside)) {
    await nemesis.healAll();
    return nothing;
  }
  await nemesis.heal(sleep);
  return new Map([
    [leader, "broken"],
    [next, "down"],
  ]);
}

/** Whether the voters have a majority without any two of them. */
function sparesTwo(inside: Pick<Inside, "voters">): boolean {
  return inside.voters().every(({ length }) => 2 * (length - 2) > length);
}
