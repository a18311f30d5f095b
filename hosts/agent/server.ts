import { timingSafeEqual } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type CallName, calls, type Reply, type Request } from "./protocol.ts";

export type Handlers = { readonly [Name in CallName]: (request: Request<Name>) => Promise<Reply<Name>> };

export interface ServerOptions {
  readonly token: string;
  readonly handlers: Handlers;
  /** Every call with the right token renews the controller's lease. */
  readonly onCall: () => void;
  /** The path of a node's file, for `GET /file/NODE/ENDING`; undefined when the node was never started with it. */
  readonly fileOf: (name: string) => string | undefined;
}

/** Long, so that the server never closes a connection at the moment at which the client sends a call on it. */
const idleConnectionMs = 600_000;
/** A node's configuration is the largest that is sent, a few kilobytes. */
const maxCallBytes = 1024 * 1024;

/** The agent's HTTP side: `POST /CALL` for each call of the protocol, `GET /file/NODE/ENDING` for a node's log and others. */
export function createAgentServer(options: ServerOptions): Server {
  return createServer({ keepAliveTimeout: idleConnectionMs }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => refuse(response, 500, error));
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  if (!bearsToken(request, options.token)) return refuse(response, 401, "wrong or missing bearer token");
  options.onCall();
  const path = request.url?.slice(1) ?? "";
  if (request.method === "GET" && path.startsWith("file/")) {
    return sendFile(response, options.fileOf(decodeURIComponent(path.slice("file/".length))));
  }
  if (request.method !== "POST" || !isCall(path)) return refuse(response, 404, `no call ${request.method} /${path}`);
  const text = await textOf(request);
  if (text === null) return refuse(response, 413, `the call is larger than ${maxCallBytes} bytes`);
  const body = calls[path].request.safeParse(parseJson(text));
  if (!body.success) return refuse(response, 400, z.prettifyError(body.error));
  send(response, 200, await handle(options.handlers, path, body.data));
}

/** Null when it is too large; the rest is not read. */
async function textOf(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > maxCallBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxCallBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What is no JSON is refused as what is no call. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The one place where the compiler cannot follow that request and handler belong to the same call. */
function handle(handlers: Handlers, name: CallName, request: unknown): Promise<unknown> {
  return (handlers[name] as (request: unknown) => Promise<unknown>)(request);
}

/** A process that ended early may never have made a file that it was to leave. */
async function sendFile(response: ServerResponse, file: string | undefined): Promise<void> {
  if (file === undefined || !existsSync(file)) return refuse(response, 404, "no such file");
  response.writeHead(200, { "content-type": "text/plain" });
  await pipeline(createReadStream(file), response);
}

function bearsToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function isCall(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

function refuse(response: ServerResponse, status: number, reason: unknown): void {
  if (response.headersSent) return void response.destroy();
  send(response, status, { error: reason instanceof Error ? reason.message : String(reason) });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
