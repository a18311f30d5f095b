import { z } from "zod";
import type { ClientRequest } from "./client-messages.ts";
import { requestSchema } from "./request-schema.ts";

/** What was sent is no request of ours. */
export class RequestError extends Error {}

/**
 * Levels of a request. What the schema accepts at 1500 levels overflows the stack when it is written, and what one node
 * wrote would stop all that read it.
 */
const maxDepth = 128;

/** A client's request, whatever port it came in by. Throws RequestError. */
export function readRequest(value: unknown): ClientRequest {
  if (isDeeperThan(maxDepth, value)) throw new RequestError(`nested more than ${maxDepth} levels deep`);
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) throw new RequestError(z.prettifyError(parsed.error));
  return parsed.data as ClientRequest;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
