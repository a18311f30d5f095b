import type { Evidence } from "../history/annotations.ts";
import { type DiskTrouble, diskTroubles } from "../hosts/host.ts";
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
  description: "make the disk of one node full, failing, slow or damaged; with --backend sim",
  needs: ["disk"],
  band: { label: "disk", color: "#B08968" },
  variants: diskTroubles.map((name) => ({
    ...{ name, description: descriptions[name], minNodes: 3, aimsAtLeader: false },
    choose: chooseOne,
  })),
  inject: async (site, { nodes }, { name }) => {
    const trouble = diskTroubles.find((known) => known === name);
    if (trouble === undefined) throw new RangeError(`a disk has no trouble of the name ${name}`);
    return (await Promise.all(nodes.map((node) => begin(site, node, trouble)))).flat();
  },
  heal: async (site, { nodes }) => (await Promise.all(nodes.map((node) => end(site, node)))).flat(),
} as const satisfies LastingFault;

function chooseOne({ nodes, leader, members }: ClusterView, random: RandomStream): Choice {
  const any = random.pick(members?.voters ?? nodes);
  return { nodes: [random.fraction() < 0.5 ? (leader ?? any) : any] };
}

async function begin(site: FaultSite, node: string, trouble: DiskTrouble): Promise<readonly Evidence[]> {
  const disks = disksOf(site);
  if (trouble !== "flip") return [await disks.trouble(node, trouble)];
  const killed = (await site.host.alive(node)) ? [await site.host.kill(node)] : [];
  const flipped = await disks.trouble(node, trouble);
  // Whether the node starts with that is its own affair, and none of the fault's.
  return [...killed, flipped, { ...(await site.restart(node)), proves: true }];
}

async function end(site: FaultSite, node: string): Promise<readonly Evidence[]> {
  const mended = await disksOf(site).mend(node);
  return (await site.host.alive(node)) ? [mended] : [mended, await site.restart(node)];
}

function disksOf({ host: { name, disks } }: FaultSite): NonNullable<FaultSite["host"]["disks"]> {
  if (disks === undefined) throw new Error(`${name} cannot trouble disks`);
  return disks;
}
