import type { FaultVariant } from "./fault.ts";
import { leader, minority, one, type Target } from "./targets.ts";

/** The variant of a fault of processes that hits a target. */
export function hitting({ nodes, ...target }: Target): FaultVariant {
  return { ...target, choose: (cluster, random) => ({ nodes: nodes(cluster, random) }) };
}

/** Whom faults of processes hit. Each leaves a majority, so that the cluster is expected to go on. */
export const processVariants: readonly FaultVariant[] = [leader, one, minority].map(hitting);
