import { type DamageRange, type DiskTrouble, diskTroubles, isDamage, type NodeAction } from "../hosts/host.ts";
import { type Injection, injection, together } from "../hosts/injection.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Choice, ClusterView, FaultSite, LastingFault } from "./fault.ts";

const descriptions: Record<DiskTrouble, string> = {
  full: "the disk is full; a node that needs space stops, and restarts when the fault heals",
  error: "syncs fail; the node stops, and restarts when the fault heals",
  slow: "syncs are slow",
  flip: "bits flip while the node is down; it must refuse to start until they are restored",
  torn: "the end of the last write is missing after a crash of the node; it must start without it, or refuse",
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
    // What is cut off may have been synced, and no log can tell that from a write that a crash cut short.
    ...(name === "torn" ? { onlyByName: true as const } : {}),
    choose: chooseOne,
  })),
  inject: async (site, { nodes, damage = {} }, { name, needs }) => {
    const trouble = diskTroubles.find((known) => needs?.includes(`disk-${known}`));
    if (trouble === undefined) throw new RangeError(`a disk has no trouble of the name ${name}`);
    return together(nodes.map((node) => begin(site, node, trouble, damage)));
  },
} as const satisfies LastingFault;

function chooseOne({ nodes, leader, members }: ClusterView, random: RandomStream): Choice {
  const any = random.pick(members?.voters ?? nodes);
  return { nodes: [random.fraction() < 0.5 ? (leader ?? any) : any] };
}

async function begin(site: FaultSite, node: string, trouble: DiskTrouble, range: DamageRange): Promise<Injection> {
  const { host, down } = site;
  const damages = isDamage(trouble);
  const killed = damages && (await host.alive(node)) ? [await host.kill(node)] : [];
  const troubled = await host.inject(node, actionOf(trouble, range, site.random));
  // Whether the node starts with damaged files is its own decision; it does not tell whether the fault took effect.
  const started = damages ? (await down.startAgain(node)).map((start) => ({ ...start, proves: true })) : [];
  return injection([...killed, ...troubled.evidence, ...started], async () => [
    ...(await troubled.heal()),
    ...(await down.startAgain(node)),
  ]);
}

function actionOf(trouble: DiskTrouble, range: DamageRange, random: RandomStream): NodeAction {
  if (!isDamage(trouble)) return { kind: `disk-${trouble}` };
  return { kind: `disk-${trouble}`, seed: random.integer(0, 0x7fff_ffff), ...range };
}
