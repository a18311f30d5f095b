import { together } from "../hosts/injection.ts";
import type { LastingFault } from "./fault.ts";
import { processVariants } from "./process-variants.ts";

/** Stops processes from being scheduled: to the others a paused node looks dead, to itself no time has passed. */
export const pause = {
  name: "pause",
  kind: "lasting",
  description: "stop nodes with SIGSTOP; they continue when the fault heals",
  needs: ["pause"],
  drawn: "often",
  band: { label: "pause", color: "#8AB17D" },
  variants: processVariants,
  aim: (nodes) => ({ nodes }),
  inject: ({ host }, { nodes }) => together(nodes.map((node) => host.inject(node, { kind: "pause" }))),
} as const satisfies LastingFault;
