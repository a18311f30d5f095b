import { z } from "zod";
import { askOverHttp, type HttpTarget } from "./http.ts";

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
  /** Left out by nodes of versions that did not report it. */
  clock: z.object({ wallMs: z.number(), monotonicMs: z.number() }).optional(),
});

/** What is shown and decided by of what a node tells of itself. */
export type RaftStatus = z.output<typeof statusSchema>;

/** How a node says why it rejects a request. */
export const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A node answered, and rejected the request. */
export class HttpRefusal extends Error {
  readonly code: string;

  constructor({ code, message }: z.output<typeof refusalSchema>["error"]) {
    super(message);
    this.code = code;
  }
}

/** A node's own report of its state. Rejects when it does not answer in time, with HttpRefusal when it rejects the token. */
export async function raftStatus(target: HttpTarget, timeoutMs: number): Promise<RaftStatus> {
  const response = await askOverHttp(target, { path: "/status" }, timeoutMs);
  const answer: unknown = await response.json();
  if (!response.ok) throw new HttpRefusal(refusalSchema.parse(answer).error);
  return statusSchema.parse(answer);
}
