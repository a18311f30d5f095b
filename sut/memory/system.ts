import { setTimeout as sleep } from "node:timers/promises";
import type { HostNode } from "../../controller/hosts/host.ts";
import { randomStream } from "../../random/stream.ts";
import { type System, type SystemOptions, systemOperations } from "../system.ts";
import { MemoryCluster } from "./cluster.ts";
import { bugsOf, knobsSchema } from "./knobs.ts";

/** Clusters by the nodes that they were made for: two runs never share one. */
const clusters = new WeakMap<readonly HostNode[], MemoryCluster>();

/** A store inside the controller's own process, with bugs to switch on: it shows what workloads and checkers find. */
export const memory = {
  name: "memory",
  inProcess: true,
  knobs: knobsSchema,
  operations: new Set(systemOperations),
  readModes: ["atomic"],
  electionTimeoutMs: () => 1000,
  process: (node, cluster, options) => {
    if (!clusters.has(cluster)) clusters.set(cluster, createCluster(cluster, options));
    return { program: "in-process", args: [node.id], env: {} };
  },
  observe: async ({ id }) => ({
    node: id,
    role: id === "n1" ? "leader" : "follower",
    term: 1,
    leader: "n1",
    commitIndex: 0,
    lastApplied: 0,
  }),
  client: (cluster, options) => {
    const started = clusters.get(cluster);
    if (started === undefined) throw new Error("no node of this cluster was started");
    return started.client(options);
  },
} as const satisfies System;

function createCluster(cluster: readonly HostNode[], { knobs, seed }: SystemOptions): MemoryCluster {
  const { bug, delayMs, lost } = knobsSchema.parse(knobs);
  const nodes = cluster.map(({ id }) => id);
  const random = randomStream(seed ?? 0, "memory");
  return new MemoryCluster(
    { nodes, bugs: bugsOf(bug), delayMs, lost },
    { random, nowMs: () => performance.now(), sleep: (durationMs) => sleep(durationMs) },
  );
}
