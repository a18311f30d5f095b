import type { HostNode } from "../../hosts/host.ts";
import { InProcessHost } from "../../hosts/in-process/in-process-host.ts";
import { randomStream } from "../../random/stream.ts";
import { type Clock, wallClock } from "../../time/clock.ts";
import { type System, type SystemOptions, systemOperations } from "../system.ts";
import { MemoryCluster } from "./cluster.ts";
import { bugsOf, knobsSchema } from "./knobs.ts";

/** A store inside the controller's own process, with bugs to switch on: it shows what workloads and checkers find. */
export const memory = {
  ...memoryBy(wallClock()),
  simulated: {
    capabilities: new Set(),
    hasInvariants: false,
    swarm: { readModes: ["atomic"], drawKnobs: (random) => ({ delayMs: random.pick([1, 2, 10]) }) },
    begin: ({ clock, nodes }) => ({
      voters: () => [nodes],
      followed: () => null,
      standing: () => "",
      notConverged: () => null,
      owesProgress: true,
      bearsDeafNodes: true,
      leadsUnanswered: false,
      system: memoryBy(clock),
      host: new InProcessHost(nodes),
      steps: () => 0,
    }),
  },
} as const satisfies System;

/** The store, whose requests travel by this clock. */
function memoryBy(clock: Clock) {
  /** Clusters by the nodes that they were made for: two runs never share one. */
  const clusters = new WeakMap<readonly HostNode[], MemoryCluster>();
  return {
    name: "memory",
    inProcess: true,
    knobs: knobsSchema,
    ports: {},
    operations: new Set(systemOperations),
    readModes: ["atomic"],
    defaultReadMode: "atomic",
    failureDetectionMs: () => 1000,
    processes: (node, cluster, options) => {
      if (!clusters.has(cluster)) clusters.set(cluster, createCluster(cluster, options, clock));
      return [{ program: "in-process", args: [node.id], env: {} }];
    },
    weaknesses: ({ knobs }) =>
      bugsOf(knobsSchema.parse(knobs).bug).map(({ name, description }) => ({
        setting: `--set bug=${name}`,
        allows: description,
        instead: "--set bug=none switches it off",
      })),
    ping: async () => {},
    inspector: {
      electsByTerms: false,
      inspect: async ({ id }) => ({ node: id, role: id === "n1" ? "leader" : "follower", term: 1, leader: "n1" }),
    },
    client: (cluster, options) => {
      const started = clusters.get(cluster);
      if (started === undefined) throw new Error("no node of this cluster was started");
      return started.client(options);
    },
  } as const satisfies System;
}

function createCluster(cluster: readonly HostNode[], { knobs, seed }: SystemOptions, clock: Clock): MemoryCluster {
  const { bug, delayMs, lost } = knobsSchema.parse(knobs);
  const nodes = cluster.map(({ id }) => id);
  const random = randomStream(seed ?? 0, "memory");
  return new MemoryCluster({ nodes, bugs: bugsOf(bug), delayMs, lost }, { random, clock });
}
