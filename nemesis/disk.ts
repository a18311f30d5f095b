import { type DiskTrouble, diskTroubles } from "../hosts/host.ts";
import { type Injection, injection, together } from "../hosts/injection.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Choice, ClusterView, FaultSite, LastingFault } from "./fault.ts";

const descriptions: Record<DiskTrouble, string> = {
  full: "the disk is full; a node that needs space stops, and restarts when the fault heals",
  error: "syncs fail; the node stops, and restarts when the fault heals",
  slow: "syncs are slow",
  flip: "bits flip while the node is down; it must refuse to start until they are restored",
};

/**
 * Troubles the disk of one node, as often as not the leader's: more, and a majority could lose what it promised. Whoever
 * stopped for it is started again when the disk is whole, as an operator would do.
 */
export const disk = {
  name: "disk",
  kind: "lasting",
  description: "make the disk of one node full, failing, slow or damaged",
  needs: [],
  drawn: "rarely",
  band: { label: "disk", color: "#B08968" },
  variants: diskTroubles.map((name) => ({
    ...{ name, description: descriptions[name], minNodes: 3, aimsAtLeader: false },
    needs: [`disk-${name}` as const],
    aim: (nodes: readonly string[]) => ({ nodes }),
    choose: chooseOne,
  })),
  inject: async (site, { nodes }, { name }) => {
    const trouble = diskTroubles.find((known) => known === name);
    if (trouble === undefined) throw new RangeError(`a disk has no trouble of the name ${name}`);
    return together(nodes.map((node) => begin(site, node, trouble)));
  },
} as const satisfies LastingFault;

function chooseOne({ nodes, leader, members }: ClusterView, random: RandomStream): Choice {
  const any = random.pick(members?.voters ?? nodes);
  return { nodes: [random.fraction() < 0.5 ? (leader ?? any) : any] };
}

async function begin({ host, down }: FaultSite, node: string, trouble: DiskTrouble): Promise<Injection> {
  const killed = trouble === "flip" && (await host.alive(node)) ? [await host.kill(node)] : [];
  const troubled = await host.inject(node, { kind: `disk-${trouble}` });
  // Whether the node starts with flipped bits is its own decision; it does not tell whether the fault took effect.
  const started = trouble === "flip" ? (await down.startAgain(node)).map((start) => ({ ...start, proves: true })) : [];
  return injection([...killed, ...troubled.evidence, ...started], async () => [
    ...(await troubled.heal()),
    ...(await down.startAgain(node)),
  ]);
}
