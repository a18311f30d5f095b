import { z } from "zod";
import type { RaftNode } from "../ports.ts";

const nodes = z.array(z.string());

/** The members as the HTTP API tells them. */
export const membershipSchema = z.object({ incoming: nodes, outgoing: nodes, learners: nodes });

const statusSchema = z.object({
  id: z.string(),
  role: z.enum(["leader", "follower", "pre-candidate", "candidate"]),
  term: z.number(),
  leader: z.string().nullable(),
  commitIndex: z.number(),
  lastApplied: z.number(),
  lastLogIndex: z.number(),
  snapshotIndex: z.number(),
  membership: membershipSchema,
});

/** What is shown and decided by of what a node tells of itself. */
export type RaftStatus = z.output<typeof statusSchema>;

/** A node's word of itself, from its HTTP port, `HOST:PORT`. Rejects when it does not answer in time. */
export async function raftStatus(address: string, timeoutMs: number): Promise<RaftStatus> {
  const response = await fetch(`http://${address}/status`, { signal: AbortSignal.timeout(timeoutMs) });
  return statusSchema.parse(await response.json());
}

/** Where the controller reaches a node's HTTP port: `HOST:PORT`. */
export function httpAddress({ addresses }: RaftNode): string {
  const { host, port } = addresses.reach.http;
  return `${host}:${port}`;
}
