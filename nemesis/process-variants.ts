import { type FaultVariant, leaderOrAny, tolerated } from "./fault.ts";

/** Whom faults of processes hit. Each leaves a majority, so that the cluster is expected to go on. */
export const processVariants: readonly FaultVariant[] = [
  {
    name: "leader",
    description: "the leader",
    minNodes: 1,
    aimsAtLeader: true,
    choose: (cluster, random) => ({ nodes: [leaderOrAny(cluster, random)] }),
  },
  {
    name: "one",
    description: "one random node",
    minNodes: 1,
    aimsAtLeader: false,
    choose: (cluster, random) => ({ nodes: [random.pick(cluster.nodes)] }),
  },
  {
    name: "minority",
    description: "as many nodes as leave a majority",
    minNodes: 3,
    aimsAtLeader: false,
    choose: ({ nodes, members }, random) => {
      const voters = members?.voters ?? nodes;
      return { nodes: random.shuffle(voters).slice(0, Math.max(1, tolerated(voters.length))) };
    },
  },
];
