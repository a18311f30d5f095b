import { injection, together } from "../hosts/injection.ts";
import type { Choice, ClusterView, LastingFault } from "./fault.ts";
import { cutBetween } from "./grudges.ts";
import { processVariants } from "./process-variants.ts";

/**
 * Stops machines together with their links to the others, as a snapshot or a migration of a virtual machine does. When they
 * go on, their processes run before their network does: what clients had sent by then is answered by nodes that have heard
 * nothing of what happened meanwhile.
 */
export const suspend = {
  name: "suspend",
  kind: "lasting",
  description: "stop nodes and cut them off; they continue a moment before their network heals",
  needs: ["pause", "cut"],
  drawn: "often",
  band: { label: "suspended", color: "#6D597A" },
  variants: processVariants.map((variant) => ({
    ...variant,
    choose: (cluster, random) => cutOff(variant.choose(cluster, random).nodes, cluster),
  })),
  aim: cutOff,
  inject: async ({ host }, { nodes, cut }) => {
    await using halfway = new AsyncDisposableStack(); // heals the cut where the pause fails
    const cuts = halfway.use(await host.cut(cut ?? []));
    const pauses = await together(nodes.map((node) => host.inject(node, { kind: "pause" })));
    halfway.move();
    const resumeThenMend = async () => [...(await pauses.heal()), ...(await cuts.heal())];
    return injection([...cuts.evidence, ...pauses.evidence], resumeThenMend);
  },
} as const satisfies LastingFault;

/** Each of the nodes alone. */
function cutOff(nodes: readonly string[], cluster: ClusterView): Choice {
  const others = cluster.nodes.filter((node) => !nodes.includes(node));
  return { nodes, cut: cutBetween([...nodes.map((node) => [node]), others]) };
}
