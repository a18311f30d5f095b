import { together } from "../hosts/injection.ts";
import type { LastingFault } from "./fault.ts";
import { processVariants } from "./process-variants.ts";

/** Makes nodes slow instead of dead: their processes get the CPU late and for a short time, as on an overloaded machine. */
export const hog = {
  name: "hog",
  kind: "lasting",
  description: "keep the cores of nodes busy with other processes until the fault heals",
  needs: ["hog"],
  band: { label: "CPU hog", color: "#BC6C25" },
  variants: processVariants,
  aim: (nodes) => ({ nodes }),
  inject: ({ host }, { nodes }) => together(nodes.map((node) => host.inject(node, { kind: "hog" }))),
} as const satisfies LastingFault;
