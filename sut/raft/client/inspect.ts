import type { NodeClock } from "../../../hosts/host.ts";
import type { NodeObservation } from "../../inspector.ts";
import type { System } from "../../system.ts";
import type { RaftNode } from "../ports.ts";
import type { RaftStatus } from "./status.ts";

/** How the harness observes nodes, given how a node's status is asked for. */
export function inspectedBy(statusOf: (node: RaftNode, timeoutMs: number) => Promise<RaftStatus>) {
  return {
    ping: async (node: RaftNode, timeoutMs: number): Promise<void> => {
      await statusOf(node, timeoutMs);
    },
    inspector: {
      electsByTerms: true,
      inspect: async (node: RaftNode, timeoutMs: number): Promise<NodeObservation> => {
        const { id, role, term, leader, commitIndex, lastApplied } = await statusOf(node, timeoutMs);
        return { node: id, role, term, commitIndex, lastApplied, ...(leader === null ? {} : { leader }) };
      },
    },
    readClock: async (node: RaftNode, timeoutMs: number): Promise<NodeClock> => {
      const { clock } = await statusOf(node, timeoutMs);
      if (clock === undefined) throw new Error(`the status of ${node.id} has no clock`);
      return clock;
    },
  } as const satisfies Pick<System, "ping" | "inspector" | "readClock">;
}
