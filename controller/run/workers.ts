import type { Host } from "../../hosts/host.ts";
import type { Client, ClientOptions } from "../../sut/system.ts";
import type { Clock } from "../../time/clock.ts";
import type { Workload } from "../../workloads/workload.ts";
import type { Plan } from "../plan/plan.ts";
import type { Worker } from "./scheduler.ts";
import type { World } from "./world.ts";

/** How much longer than the longest fault a pinned client waits: healing takes a moment, and then the answer comes. */
const afterHealingMs = 2000;

/**
 * Half of the clients stay with one node each, with a timeout longer than any fault lasts: a deposed leader that still
 * believes in itself is seen only by those who keep asking it. The other half follow the leader, and give up on it
 * after an election timeout, when there may be another one, which they have as long to find. Where there are enough of
 * them, two neighbours among the pinned share a node, so that one may wait there for a write while the other goes on
 * reading.
 */
export function createWorkers(plan: Plan, { system, clock }: World, host: Host, longestFaultMs: number): Worker[] {
  const electionTimeoutMs = plan.system.failureDetectionMs(plan.knobs);
  const pinnedCount = Math.ceil(plan.concurrency / 2);
  const aNode = pinnedCount >= 2 * plan.nodes.length ? 2 : 1;
  return Array.from({ length: plan.concurrency }, (_, process): Worker => {
    const client = (options: ClientOptions) =>
      performing(
        plan.workload,
        clock,
        system.client(host.nodes, { ...options, patienceMs: electionTimeoutMs, knobs: plan.knobs }),
      );
    if (process % 2 === 1) return { process, client: client({}), timeoutMs: 2 * electionTimeoutMs };
    const node = plan.nodes[Math.floor(process / 2 / aNode) % plan.nodes.length]!;
    return {
      process,
      client: client({ pinnedTo: node }),
      timeoutMs: longestFaultMs + afterHealingMs,
    };
  });
}

/** A client of the system that knows the operations of the workload. */
function performing({ perform }: Workload, clock: Clock, client: Client): Client {
  if (perform === undefined) return client;
  return {
    invoke: (operation, timeoutMs) => perform(client, operation, timeoutMs, clock),
    close: () => client.close(),
  };
}
