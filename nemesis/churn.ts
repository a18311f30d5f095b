import type { RandomStream } from "../random/stream.ts";
import type { MembershipChange } from "../sut/administration.ts";
import type { ChangeFault, Choice, ClusterView } from "./fault.ts";
import { askFor, fewestVoters } from "./membership.ts";

/** Two changes of members are asked for at once. A store makes them one after the other, however long the first takes. */
export const churn = {
  name: "churn",
  kind: "change",
  asks: ["members", "changeMembers"],
  description: "request a second membership change before the first is finished, while other faults are active",
  needs: [],
  drawn: "often",
  band: { label: "churn", color: "#2A6F97" },
  variants: [
    {
      name: "two",
      description: "removes two voters or adds two, or one if there are no two",
      minNodes: 3,
      aimsAtLeader: false,
      choose: twoOf,
    },
  ],
  make: async (site, choice) =>
    Promise.all(steps(choice).map((change) => askFor(site, change, ({ voters }) => voters.join(" ")))),
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
function steps({ nodes, change }: Choice): readonly (Voters | undefined)[] {
  const [, second] = nodes;
  // Nobody knew what to ask for: whoever asks says so.
  if (change?.type !== "voters") return [undefined];
  if (second === undefined) return [change];
  return [{ type: "voters", voters: toggled(change.voters, second).toSorted() }, change];
}

function toggled(voters: readonly string[], node: string): string[] {
  return voters.includes(node) ? voters.filter((voter) => voter !== node) : [...voters, node];
}
