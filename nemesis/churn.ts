import type { RandomStream } from "../random/stream.ts";
import type { MembershipChange } from "../sut/system.ts";
import type { ChangeFault, Choice, ClusterView } from "./fault.ts";
import { fewestVoters } from "./membership.ts";

/** As long as one change of `membership`, for the second waits for the first. */
const changeTimeoutMs = 5000;

/** Two changes of members are asked for at once. A store makes them one after the other, however long the first takes. */
export const churn = {
  name: "churn",
  kind: "change",
  asks: "administration",
  description: "two members come or go, the second asked for while the first is under way, beside other faults",
  needs: [],
  band: { label: "churn", color: "#2A6F97" },
  variants: [
    {
      name: "two",
      description: "two voters removed, or two nodes made voters; one where there are no two",
      minNodes: 3,
      aimsAtLeader: false,
      choose: twoOf,
    },
  ],
  make: async ({ host, administration }, choice) => {
    if (administration === null) throw new Error("nobody could say who the members are");
    const asked = steps(choice).map(async (change) => {
      const { done, observation } = await administration.changeMembers(host.nodes, change, changeTimeoutMs);
      return { subject: change.voters.join(" "), observation, proves: done };
    });
    return Promise.all(asked);
  },
} as const satisfies ChangeFault;

type Voters = Extract<MembershipChange, { type: "voters" }>;

/** Voters that do not lead and can be spared are removed, two if possible; else nodes that do not vote are to. */
function twoOf(cluster: ClusterView, random: RandomStream): Choice {
  const { nodes, leader, members } = cluster;
  if (members === null) return { nodes: [] };
  const { voters } = members;
  const outsiders = nodes.filter((node) => !voters.includes(node));
  const spare = Math.min(2, voters.length - fewestVoters(nodes.length));
  const changing =
    spare === 2 || outsiders.length === 0
      ? someOf(
          voters.filter((voter) => voter !== leader),
          spare,
          random,
        )
      : someOf(outsiders, 2, random);
  return { nodes: changing, change: { type: "voters", voters: changing.reduce(toggled, [...voters]).sort() } };
}

function someOf(nodes: readonly string[], count: number, random: RandomStream): string[] {
  return random.shuffle(nodes).slice(0, count).sort();
}

/** What is asked for: the first of the two comes or goes, then the other as well. */
function steps({ nodes, change }: Choice): readonly Voters[] {
  if (change?.type !== "voters") throw new Error("nobody could say who the members are");
  const [, second] = nodes;
  if (second === undefined) return [change];
  return [{ type: "voters", voters: toggled(change.voters, second).toSorted() }, change];
}

function toggled(voters: readonly string[], node: string): string[] {
  return voters.includes(node) ? voters.filter((voter) => voter !== node) : [...voters, node];
}
