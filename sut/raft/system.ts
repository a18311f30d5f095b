import { join } from "node:path";
import { z } from "zod";
import type { HostNode, ProcessSpec } from "../../controller/hosts/host.ts";
import { type NodeObservation, type System, type SystemOptions, systemOperations } from "../system.ts";
import { RaftClient } from "./client.ts";
import { readModes } from "./core/types.ts";
import type { NodeConfig } from "./node/config.ts";
import { knobsSchema } from "./node/knobs.ts";
import { traceFile } from "./node/trace.ts";

/** One fsync under way at a time needs no more threads, and nodes share their machine (libuv's default is 4). */
const env = { UV_THREADPOOL_SIZE: "2" };

/** Keelhaul's own replicated key-value store. */
export const raft = {
  name: "raft",
  knobs: knobsSchema,
  operations: new Set(systemOperations),
  readModes,
  /** Timeouts are drawn from [electionTimeoutMs, 2 × electionTimeoutMs]. */
  electionTimeoutMs: (knobs) => 2 * knobsSchema.parse(knobs).electionTimeoutMs,
  process: (node, cluster, options): ProcessSpec => ({
    program: "node:raft-node.mjs",
    args: ["--config", JSON.stringify(nodeConfig(node, cluster, options))],
    env,
    ...(knobsSchema.parse(options.knobs).trace ? { files: { [traceFile]: join(node.dataDir, traceFile) } } : {}),
  }),
  observe,
  client: (cluster, { knobs = {}, ...options }) =>
    new RaftClient(cluster, { ...options, sessions: knobsSchema.parse(knobs).sessions }),
} as const satisfies System;

/** What one node is told: itself, and how it reaches every other member. */
export function nodeConfig(node: HostNode, cluster: readonly HostNode[], options: SystemOptions): NodeConfig {
  const others = cluster.filter(({ id }) => id !== node.id);
  const peers = Object.fromEntries(
    others.map(({ id }) => {
      const endpoint = node.addresses.peers[id];
      if (endpoint === undefined) throw new RangeError(`${node.id} was given no address of its peer ${id}`);
      return [id, endpoint];
    }),
  );
  const httpAddresses = others.map(({ id, addresses }) => {
    const { host, port } = addresses.reach.http;
    return [id, `${host}:${port}`];
  });
  return {
    id: node.id,
    dataDir: node.dataDir,
    listen: node.addresses.listen,
    peers,
    httpAddresses: Object.fromEntries(httpAddresses),
    readMode: z.enum(readModes).parse(options.readMode),
    knobs: knobsSchema.parse(options.knobs),
  };
}

const statusSchema = z.object({
  id: z.string(),
  role: z.enum(["leader", "follower", "pre-candidate", "candidate"]),
  term: z.number(),
  leader: z.string().nullable(),
  commitIndex: z.number(),
  lastApplied: z.number(),
  lastLogIndex: z.number(),
  snapshotIndex: z.number(),
});

/** What is shown and decided by of what a node tells of itself. */
export type RaftStatus = z.output<typeof statusSchema>;

/** A node's word of itself, from its HTTP port, `HOST:PORT`. Rejects when it does not answer in time. */
export async function raftStatus(address: string, timeoutMs: number): Promise<RaftStatus> {
  const response = await fetch(`http://${address}/status`, { signal: AbortSignal.timeout(timeoutMs) });
  return statusSchema.parse(await response.json());
}

async function observe(node: HostNode, timeoutMs: number): Promise<NodeObservation> {
  const { host, port } = node.addresses.reach.http;
  const { id, role, term, leader, commitIndex, lastApplied } = await raftStatus(`${host}:${port}`, timeoutMs);
  return { node: id, role, term, commitIndex, lastApplied, ...(leader === null ? {} : { leader }) };
}
