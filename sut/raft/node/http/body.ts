import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { maxRequestBytes } from "../../protocol/client-messages.ts";
import { isTooDeep, maxDepth } from "../../protocol/read-request.ts";
import { HttpError } from "./http-error.ts";

/** The request's body as JSON of the schema's shape; an empty body is undefined. Throws HttpError 400, 413 or 415. */
export async function readBody<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema) {
  refuseOtherTypes(request);
  const value = parseJson(await readText(request));
  if (isTooDeep(value)) throw badBody(`nested more than ${maxDepth} levels deep`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw badBody(path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`);
}

/** What a page of another site can send without asking first is never called JSON. */
function refuseOtherTypes({ headers }: IncomingMessage): void {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  const type = headers["content-type"];
  if (!hasBody || type?.split(";", 1)[0]?.trim().toLowerCase() === "application/json") return;
  const message = `content-type is ${type ?? "missing"}; expected application/json`;
  throw new HttpError(415, "not-json", message, { connection: "close" });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (cause instanceof TypeError) throw badBody("not UTF-8");
    throw cause;
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badBody(`not JSON: ${(cause as Error).message}`);
  }
}

function badBody(why: string): HttpError {
  return new HttpError(400, "bad-body", `the body: ${why}`);
}

/** The rest of the body is not read, so the connection is of no use any more. */
function tooLarge(): HttpError {
  const message = `the body is larger than ${maxRequestBytes} bytes`;
  return new HttpError(413, "too-large", message, { connection: "close" });
}
