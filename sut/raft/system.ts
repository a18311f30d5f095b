import { join } from "node:path";
import { z } from "zod";
import type { ProcessSpec } from "../../hosts/host.ts";
import { wallClock } from "../../time/clock.ts";
import { type ClientOptions, type System, type SystemOptions, systemOperations } from "../system.ts";
import { administration } from "./client/administration.ts";
import { RaftClient } from "./client/client.ts";
import { overSockets } from "./client/client-connection.ts";
import { httpAddress, httpTarget } from "./client/http.ts";
import { inspectedBy } from "./client/inspect.ts";
import { raftStatus } from "./client/status.ts";
import { readModes } from "./core/types.ts";
import { mutants } from "./mutants/registry.ts";
import { type NodeConfig, secretVariable } from "./node/config.ts";
import { exitCodes } from "./node/exit-codes.ts";
import { knobsSchema } from "./node/knobs.ts";
import { traceFile } from "./node/trace.ts";
import { type RaftNode, raftPorts } from "./ports.ts";
import { simulatedCapabilities } from "./simulator/host.ts";
import { settingsSchema } from "./simulator/settings.ts";
import { simulate } from "./simulator/simulate.ts";
import { swarm } from "./simulator/swarm.ts";
import { checkTracesOf } from "./traces.ts";
import { weaknesses } from "./weaknesses.ts";

/** One fsync under way at a time needs no more threads, and nodes share their machine (libuv's default is 4). */
const env = { UV_THREADPOOL_SIZE: "2" };

export interface RaftOptions extends SystemOptions {
  /** Who votes from the beginning; all nodes, if left out. The others are spares: they wait to be made members. */
  readonly members?: readonly string[];
}

/** The store as real processes. */
const real = {
  name: "raft",
  knobs: knobsSchema,
  ports: raftPorts,
  operations: new Set(systemOperations),
  readModes,
  defaultReadMode: "read-index",
  mutants,
  /** Timeouts are drawn from [electionTimeoutMs, 2 × electionTimeoutMs]. */
  failureDetectionMs: (knobs) => 2 * knobsSchema.parse(knobs).electionTimeoutMs,
  processes: (node: RaftNode, cluster: readonly RaftNode[], options: SystemOptions) => [
    raftProcess(node, cluster, options),
  ],
  traces: { written: (knobs) => knobsSchema.parse(knobs).trace, check: checkTracesOf },
  ...inspectedBy((node, timeoutMs) => raftStatus(httpTarget(node), timeoutMs)),
  administration,
  weaknesses,
  excusedExits: { [exitCodes.portTaken]: "its port was taken", [exitCodes.diskFull]: "its disk was full" },
  client: (cluster: readonly RaftNode[], { knobs = {}, ...options }: ClientOptions) => {
    const clock = wallClock();
    const { sessions } = knobsSchema.parse(knobs);
    return new RaftClient(cluster, { ...options, clock, connect: overSockets(clock), sessions });
  },
} as const satisfies System;

/** Keelhaul's own replicated key-value store. */
export const raft = {
  ...real,
  simulated: {
    capabilities: simulatedCapabilities,
    hasInvariants: true,
    world: settingsSchema,
    swarm,
    begin: (options) => simulate(real, options),
  },
} as const satisfies System;

/** The process that is one node. */
export function raftProcess(node: RaftNode, cluster: readonly RaftNode[], options: RaftOptions): ProcessSpec {
  return {
    program: "node:raft-node.mjs",
    args: ["--config", JSON.stringify(nodeConfig(node, cluster, options))],
    env: { ...env, [secretVariable]: node.secret },
    ...(knobsSchema.parse(options.knobs).trace ? { files: { [traceFile]: join(node.dataDir, traceFile) } } : {}),
  };
}

/** What one node is told: itself, and how it reaches every other member. */
export function nodeConfig(node: RaftNode, cluster: readonly RaftNode[], options: RaftOptions): NodeConfig {
  const others = cluster.filter(({ id }) => id !== node.id);
  const peers = Object.fromEntries(
    others.map(({ id }) => {
      const endpoint = node.addresses.peers[id]?.peer;
      if (endpoint === undefined) throw new RangeError(`${node.id} was given no address of its peer ${id}`);
      return [id, endpoint];
    }),
  );
  const httpAddresses = others.map((other) => [other.id, httpAddress(other)]);
  return {
    id: node.id,
    dataDir: node.dataDir,
    listen: node.addresses.listen,
    peers,
    httpAddresses: Object.fromEntries(httpAddresses),
    ...(options.members === undefined ? {} : { members: [...options.members] }),
    readMode: z.enum(readModes).parse(options.readMode),
    ...(options.mutant === undefined ? {} : { mutant: options.mutant }),
    knobs: knobsSchema.parse(options.knobs),
  };
}
