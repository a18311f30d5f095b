import { together } from "../hosts/injection.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Choice, ClusterView, LastingFault } from "./fault.ts";
import { hitting, processVariants } from "./process-variants.ts";
import { all } from "./targets.ts";

/** Ends processes without warning, and starts them again when it heals. Written bytes survive: the page cache does. */
export const kill = {
  name: "kill",
  kind: "lasting",
  description: "kill nodes with SIGKILL; they restart when the fault heals",
  needs: ["kill"],
  drawn: "often",
  band: { label: "kill", color: "#E76F51" },
  variants: [
    ...processVariants,
    hitting(all),
    {
      name: "restart",
      description:
        "restarts some nodes at once, several times in a row; during a partition, the node that reaches most others",
      minNodes: 1,
      aimsAtLeader: false,
      burst: { times: [5, 12], lasts: [0, 0.05], pauses: [0, 1] },
      aim: (nodes) => ({ nodes }),
      choose: restarted,
    },
    {
      name: "power",
      description: "some nodes or all of them lose power at once, and with it what they did not sync",
      needs: ["power"],
      minNodes: 1,
      aimsAtLeader: false,
      onlyByName: true,
      aim: (nodes) => ({ nodes }),
      choose: withoutPower,
    },
  ],
  aim: (nodes) => ({ nodes }),
  inject: ({ down }, { nodes }, { needs }) =>
    together(nodes.map((node) => (needs?.includes("power") ? down.cutPower(node) : down.kill(node)))),
} as const satisfies LastingFault;

/** All at once lose most: what one of them synced, another may still have. */
function withoutPower({ nodes }: ClusterView, random: RandomStream): Choice {
  const count = random.fraction() < 0.5 ? nodes.length : random.integer(1, nodes.length);
  return { nodes: random.shuffle(nodes).slice(0, count) };
}

/** While something is cut, votes are up to those that both sides reach. */
function restarted({ nodes, cut = [] }: ClusterView, random: RandomStream): Choice {
  if (cut.length === 0) return { nodes: random.shuffle(nodes).slice(0, random.integer(1, nodes.length)) };
  const cutOff = (node: string): number => cut.filter((edge) => edge.includes(node)).length;
  const fewest = Math.min(...nodes.map(cutOff));
  return { nodes: [random.pick(nodes.filter((node) => cutOff(node) === fewest))] };
}
