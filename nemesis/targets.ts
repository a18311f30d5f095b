import type { RandomStream } from "../random/stream.ts";
import { type ClusterView, leaderOrAny, tolerated } from "./fault.ts";

/** Whom a fault hits, chosen when it is due: who leads by then decides. */
export interface Target {
  readonly name: string;
  readonly description: string;
  /** Fewer nodes than this, and the target is nobody, or everybody. */
  readonly minNodes: number;
  readonly aimsAtLeader: boolean;
  nodes(cluster: ClusterView, random: RandomStream): readonly string[];
}

export const leader: Target = {
  name: "leader",
  description: "the leader",
  minNodes: 1,
  aimsAtLeader: true,
  nodes: (cluster, random) => [leaderOrAny(cluster, random)],
};

export const one: Target = {
  name: "one",
  description: "one random node",
  minNodes: 1,
  aimsAtLeader: false,
  nodes: ({ nodes }, random) => [random.pick(nodes)],
};

export const minority: Target = {
  name: "minority",
  description: "as many nodes as leave a majority",
  minNodes: 3,
  aimsAtLeader: false,
  nodes: ({ nodes, members }, random) => {
    const voters = members?.voters ?? nodes;
    return random.shuffle(voters).slice(0, Math.max(1, tolerated(voters.length)));
  },
};

const majority: Target = {
  name: "majority",
  description: "as many nodes as make a majority",
  minNodes: 2,
  aimsAtLeader: false,
  nodes: ({ nodes, members }, random) => {
    const voters = members?.voters ?? nodes;
    return random.shuffle(voters).slice(0, Math.floor(voters.length / 2) + 1);
  },
};

const followers: Target = {
  name: "followers",
  description: "every node but the leader",
  minNodes: 2,
  aimsAtLeader: false,
  nodes: (cluster, random) => {
    const leads = leaderOrAny(cluster, random);
    return cluster.nodes.filter((node) => node !== leads);
  },
};

export const all: Target = {
  name: "all",
  description: "all nodes at once",
  minNodes: 1,
  aimsAtLeader: false,
  nodes: ({ nodes }) => nodes,
};

/** Every target that has a name; nodes are named by themselves. */
export const targets: readonly Target[] = [leader, followers, majority, minority, one, all];

/** Joins the names of nodes in a target. */
const nodeSeparator = ".";

/** The target of a name, or of nodes such as `n1` or `n1.n3`; null where the cluster has no such nodes. */
export function targetOf(name: string, nodes: readonly string[]): Target | null {
  const known = targets.find((target) => target.name === name);
  if (known !== undefined) return known;
  const named = name.split(nodeSeparator);
  const areDistinct = new Set(named).size === named.length;
  if (!areDistinct || !named.every((node) => nodes.includes(node))) return null;
  return { name, description: named.join(", "), minNodes: 1, aimsAtLeader: false, nodes: () => named };
}

/** Nodes as one target names them. */
export function nodesTarget(nodes: readonly string[]): string {
  return nodes.join(nodeSeparator);
}
