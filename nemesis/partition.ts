import type { RandomStream } from "../random/stream.ts";
import {
  type Choice,
  type ClusterView,
  type FaultVariant,
  type LastingFault,
  leaderOrAny,
  tolerated,
} from "./fault.ts";
import { bridge, cutBetween, deafen, isolate, majoritiesRing, mute } from "./grudges.ts";

/**
 * Cuts the network between nodes. Clients still reach every node: only so does a deposed leader get asked, and give
 * itself away.
 */
export const partition = {
  name: "partition",
  kind: "lasting",
  description: "cut the network between nodes; clients still reach every node",
  needs: ["cut"],
  drawn: "often",
  band: { label: "partition", color: "#E9C46A" },
  variants: [
    variant("halves", "splits the nodes into a majority and a minority", 2, false, ({ nodes }, random) => {
      const shuffled = random.shuffle(nodes);
      const majority = Math.floor(nodes.length / 2) + 1;
      const minority = shuffled.slice(majority);
      return { nodes: minority, cut: cutBetween([shuffled.slice(0, majority), minority]) };
    }),
    variant("one", "isolates one random node", 2, false, ({ nodes }, random) => alone(random.pick(nodes), nodes)),
    variant("leader", "isolates the leader", 2, true, leaderAlone),
    {
      ...variant(
        "rotating",
        "isolates one leader after another, each before the previous one has caught up",
        3,
        true,
        leaderAlone,
      ),
      burst: { times: [3, 6], lasts: [0.8, 2.5], pauses: [0, 0.3] },
    },
    variant("leader-minority", "isolates the leader together with a minority of the nodes", 5, true, leaderMinority),
    variant("edge", "cuts the connection between the leader and one other node", 3, true, edge),
    variant("ring", "each node reaches a majority, and no two nodes the same one", 4, false, ({ nodes }, random) => ({
      nodes,
      cut: majoritiesRing(random.shuffle(nodes)),
    })),
    variant("bridge", "two halves that only one node connects", 3, false, ({ nodes }, random) => ({
      nodes,
      cut: bridge(random.shuffle(nodes)),
    })),
    variant(
      "one-way",
      "one node, half of the time the leader, sends but receives nothing, or the reverse",
      2,
      false,
      oneWay,
    ),
  ],
  aim: cutOff,
  inject: ({ host }, choice) => host.cut(choice.cut ?? []),
} as const satisfies LastingFault;

function variant(
  name: string,
  description: string,
  minNodes: number,
  aimsAtLeader: boolean,
  choose: FaultVariant["choose"],
): FaultVariant {
  return { name, description, minNodes, aimsAtLeader, choose };
}

/** The nodes from all others, or all nodes from each other. */
function cutOff(nodes: readonly string[], cluster: ClusterView): Choice {
  const others = cluster.nodes.filter((node) => !nodes.includes(node));
  const groups = others.length === 0 ? nodes.map((node) => [node]) : [nodes, others];
  return { nodes, cut: cutBetween(groups) };
}

function alone(node: string, nodes: readonly string[]): Choice {
  return { nodes: [node], cut: isolate(node, nodes) };
}

function leaderAlone(cluster: ClusterView, random: RandomStream): Choice {
  return alone(leaderOrAny(cluster, random), cluster.nodes);
}

function oneWay(cluster: ClusterView, random: RandomStream): Choice {
  const node = random.fraction() < 0.5 ? leaderOrAny(cluster, random) : random.pick(cluster.nodes);
  const cut = random.fraction() < 0.5 ? deafen : mute;
  return { nodes: [node], cut: cut(node, cluster.nodes) };
}

/** As many with the leader as leave a majority without it: of five nodes one. */
function leaderMinority(cluster: ClusterView, random: RandomStream): Choice {
  const leader = leaderOrAny(cluster, random);
  const others = random.shuffle(cluster.nodes.filter((node) => node !== leader));
  const minority = [leader, ...others.slice(0, tolerated(cluster.nodes.length) - 1)];
  const majority = others.slice(minority.length - 1);
  return { nodes: minority, cut: cutBetween([minority, majority]) };
}

/** The link between the leader and another node; all others work. */
function edge(cluster: ClusterView, random: RandomStream): Choice {
  const leader = leaderOrAny(cluster, random);
  const other = random.pick(cluster.nodes.filter((node) => node !== leader));
  return { nodes: [leader], cut: cutBetween([[leader], [other]]) };
}
