import type { Evidence } from "../history/annotations.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Members, MembershipChange } from "../sut/administration.ts";
import type { ChangeFault, Choice, ClusterView, FaultSite } from "./fault.ts";

/**
 * How long a change may take: a learner catches up first, two configurations may have to be committed, and a change that
 * is under way comes before it.
 */
const changeTimeoutMs = 5000;

/**
 * Changes who the members are, as an operator does: one server at a time, or several at once. Nodes that were removed keep
 * their data and run on, so that one that is added again catches up from where it was.
 */
export const membership = {
  name: "membership",
  kind: "change",
  asks: ["members", "changeMembers"],
  description: "add, promote, remove and replace members while other faults are active",
  needs: [],
  drawn: "often",
  band: { label: "membership", color: "#457B9D" },
  variants: [
    {
      name: "single",
      description: "one change: adds a learner, promotes one that has caught up, or removes a member",
      minNodes: 3,
      aimsAtLeader: false,
      choose: chooser(single),
    },
    {
      name: "leader",
      description: "removes the leader, or replaces it if the voters would be too few",
      minNodes: 3,
      aimsAtLeader: true,
      choose: chooser(withoutLeader),
    },
    {
      name: "joint",
      description: "changes the set of voters in one step, by joint consensus",
      minNodes: 3,
      aimsAtLeader: false,
      choose: chooser(joint),
    },
  ],
  make: async (site, { change }) => [await askFor(site, change, subjectOf)],
} as const satisfies ChangeFault;

/** Asks the cluster for a change and waits until it is made. Rejects where nobody can be asked, or nobody knew what for. */
export async function askFor<Change extends MembershipChange>(
  { host, administration }: FaultSite,
  change: Change | undefined,
  subjectOf: (change: Change) => string,
): Promise<Evidence> {
  if (administration.changeMembers === undefined || change === undefined) {
    throw new Error("no node could say who the members are");
  }
  const { done, observation } = await administration.changeMembers(host.nodes, change, changeTimeoutMs);
  return { subject: subjectOf(change), observation, proves: done };
}

/** The fewest voters that a change leaves, so that faults beside it find a cluster that can spare somebody. */
export function fewestVoters(nodeCount: number): number {
  return Math.ceil((nodeCount + 1) / 2);
}

type Pick = (cluster: ClusterView, members: Members, random: RandomStream) => MembershipChange;

function chooser(pick: Pick): (cluster: ClusterView, random: RandomStream) => Choice {
  return (cluster, random) => {
    if (cluster.members === null) return { nodes: [] };
    const change = pick(cluster, cluster.members, random);
    return { nodes: change.type === "voters" ? change.voters : [change.node], change };
  };
}

/** Learners are promoted before anybody else is added; a learner is now and then removed instead. */
function single(cluster: ClusterView, { voters, learners }: Members, random: RandomStream): MembershipChange {
  const outsiders = outsidersOf(cluster, { voters, learners });
  const [learner] = learners;
  if (learner !== undefined) return { type: random.fraction() < 0.85 ? "promote" : "remove", node: learner };
  const mayRemove = voters.length > fewestVoters(cluster.nodes.length);
  if (mayRemove && (outsiders.length === 0 || random.fraction() < 0.5)) {
    return { type: "remove", node: random.pick(voters) };
  }
  return { type: "add-learner", node: random.pick(outsiders) };
}

function withoutLeader(cluster: ClusterView, members: Members, random: RandomStream): MembershipChange {
  const { voters } = members;
  const leader = cluster.leader ?? random.pick(voters);
  if (voters.length > fewestVoters(cluster.nodes.length)) return { type: "remove", node: leader };
  const others = cluster.nodes.filter((node) => !voters.includes(node));
  return { type: "voters", voters: [...voters.filter((voter) => voter !== leader), random.pick(others)].sort() };
}

/** A set of another size or other names, of which one at least votes already. */
function joint(cluster: ClusterView, { voters }: Members, random: RandomStream): MembershipChange {
  const fewest = fewestVoters(cluster.nodes.length);
  const stays = random.pick(voters);
  const others = random.shuffle(cluster.nodes.filter((node) => node !== stays));
  const wanted = [stays, ...others.slice(0, random.integer(fewest, cluster.nodes.length) - 1)].sort();
  if (wanted.join() !== [...voters].sort().join()) return { type: "voters", voters: wanted };
  const swapped = voters.length > fewest ? wanted.filter((node) => node !== others[0]) : [...wanted, others.at(-1)!];
  return { type: "voters", voters: swapped.sort() };
}

function outsidersOf({ nodes }: ClusterView, { voters, learners }: Members): string[] {
  return nodes.filter((node) => !voters.includes(node) && !learners.includes(node));
}

function subjectOf(change: MembershipChange): string {
  return change.type === "voters" ? "members" : change.node;
}
