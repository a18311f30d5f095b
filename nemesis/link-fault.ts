import type { Edge } from "../history/annotations.ts";
import type { Impairment } from "../hosts/host.ts";
import type { RandomStream } from "../random/stream.ts";
import { type Choice, type ClusterView, type FaultVariant, type LastingFault, leaderOrAny } from "./fault.ts";
import { cutBetween, mute } from "./grudges.ts";

/** What makes a fault of an impairment: how strong it is, is drawn for each injection. */
interface LinkFault<Name extends string> extends Pick<LastingFault, "description" | "band"> {
  readonly name: Name;
  readonly kind: Impairment["kind"];
  readonly draw: (random: RandomStream) => Impairment;
}

/** A fault that impairs directed edges, which still carry something. */
export function linkFault<const Name extends string>({ name, kind, description, band, draw }: LinkFault<Name>) {
  return {
    name,
    kind: "lasting",
    description,
    needs: [kind],
    band,
    variants: linkVariants.map(({ edges, ...variant }) => ({
      ...variant,
      choose: (cluster, random) => chooseEdges(edges(cluster, random), cluster, draw(random)),
    })),
    aim: (nodes, cluster, random) => chooseEdges(edgesOf(nodes, cluster), cluster, draw(random)),
    inject: async ({ host }, { impaired }) => {
      if (impaired === undefined) throw new RangeError(`no edge was chosen for ${name}`);
      return host.impair(impaired.edges, impaired.impairment);
    },
  } as const satisfies LastingFault;
}

interface HitEdges {
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
}

/** All that the nodes send and receive; of all nodes, all that they send to each other. */
function edgesOf(nodes: readonly string[], cluster: ClusterView): HitEdges {
  const everyEdge = cutBetween(cluster.nodes.map((node) => [node]));
  return { nodes, edges: everyEdge.filter((edge) => edge.some((node) => nodes.includes(node))) };
}

interface LinkVariant extends Omit<FaultVariant, "choose"> {
  edges(cluster: ClusterView, random: RandomStream): HitEdges;
}

/** Which edges a fault hits. */
const linkVariants: readonly LinkVariant[] = [
  {
    name: "leader",
    description: "all that the leader sends to other nodes",
    minNodes: 2,
    aimsAtLeader: true,
    edges: (cluster, random) => {
      const leader = leaderOrAny(cluster, random);
      return { nodes: [leader], edges: mute(leader, cluster.nodes) };
    },
  },
  {
    name: "one",
    description: "all that one random node sends and receives",
    minNodes: 2,
    aimsAtLeader: false,
    edges: (cluster, random) => edgesOf([random.pick(cluster.nodes)], cluster),
  },
  {
    name: "edge",
    description: "what the leader and one other node send to each other",
    minNodes: 2,
    aimsAtLeader: true,
    edges: (cluster, random) => {
      const leader = leaderOrAny(cluster, random);
      const other = random.pick(cluster.nodes.filter((node) => node !== leader));
      return { nodes: [leader, other], edges: cutBetween([[leader], [other]]) };
    },
  },
  {
    name: "all",
    description: "all that nodes send to each other",
    minNodes: 2,
    aimsAtLeader: false,
    edges: (cluster) => edgesOf(cluster.nodes, cluster),
  },
];

/** Edges that another fault cuts carry nothing: an impairment would not show on them. */
function chooseEdges({ nodes, edges }: HitEdges, { cut = [] }: ClusterView, impairment: Impairment): Choice {
  const isCut = (edge: Edge): boolean => cut.some((other) => other.join() === edge.join());
  const open = edges.filter((edge) => !isCut(edge));
  return { nodes, impaired: { edges: open.length > 0 ? open : edges, impairment } };
}
