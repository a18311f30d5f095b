import { z } from "zod";
import type { ClientRequest } from "./client-messages.ts";
import { decodeCommand } from "./command-codec.ts";
import { commandSchema, requestSchema } from "./request-schema.ts";

/** What was sent is no request of ours. */
export class RequestError extends Error {}

/**
 * Levels of a command. What the schema accepts at 1500 levels overflows the stack when it is written, and what one node
 * wrote would stop all that read it.
 */
export const maxDepth = 128;

/** A client's request, if it can be carried out. Throws RequestError, or what decoding its command throws. */
export function readRequest(value: unknown): ClientRequest {
  const request = accepted(requestSchema, value) as ClientRequest;
  if ("command" in request) checkCommand(decodeCommand(request.command));
  return request;
}

/** Whether the bytes are a command that the state machine can carry out. */
export function isCommand(bytes: Uint8Array): boolean {
  try {
    checkCommand(decodeCommand(bytes));
    return true;
  } catch {
    // Whatever is thrown while reading was brought about by the bytes.
    return false;
  }
}

function checkCommand(command: unknown): void {
  if (isTooDeep(command)) throw new RequestError(`nested more than ${maxDepth} levels deep`);
  accepted(commandSchema, command);
}

function accepted<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new RequestError(z.prettifyError(parsed.error));
  return parsed.data;
}

export function isTooDeep(value: unknown): boolean {
  return isDeeperThan(maxDepth, value);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
