import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Registry } from "prom-client";
import type { AskOptions } from "./http/ask.ts";
import { authorization } from "./http/authorize.ts";
import { HttpError } from "./http/http-error.ts";
import { kvRoutes } from "./http/kv-routes.ts";
import { type MemberOptions, memberRoutes } from "./http/member-routes.ts";
import { type Answer, findRoute, type Route } from "./http/router.ts";
import { refuseForeign } from "./http/same-site.ts";
import type { NodeStatus } from "./http/status.ts";
import { type TransferOptions, transferRoute } from "./http/transfer-route.ts";
import { WaitingAnswers } from "./http/waiting.ts";

export interface HttpPortOptions extends AskOptions, MemberOptions, TransferOptions {
  readonly status: () => NodeStatus;
  readonly metrics: Registry;
  /** Names, besides `localhost` and addresses, under which clients reach this node. */
  readonly ownNames: ReadonlySet<string>;
  /** The cluster's; requests bring the token that follows from it. */
  readonly secret: string;
  /** A request without the cluster's token. */
  readonly onRefused: (reason: string) => void;
}

export interface HttpLimits {
  /** A request is small: what comes more slowly than this holds a connection for nothing. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long a client may take to read anything of an answer. */
  readonly unreadMs: number;
  readonly checkEveryMs: number;
}

const usualLimits: HttpLimits = { headersMs: 5000, requestMs: 15_000, unreadMs: 30_000, checkEveryMs: 1000 };

/** A node for people and programs without a client of their own. Errors are JSON: `{error: {code, message}}`. */
export function createHttpPort(options: HttpPortOptions, limits = usualLimits): Server {
  const routes: readonly Route[] = [
    ...kvRoutes(options),
    ...memberRoutes(options),
    transferRoute(options),
    ...lookRoutes(options),
  ];
  const authorize = authorization(options.secret);
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    authorize(request);
    refuseForeign(request, options.ownNames);
    const { route, call } = findRoute(routes, request);
    return route.handle(call);
  };
  const waiting = new WaitingAnswers(options.onRefused);
  const server = createServer(timeLimitsOf(limits), (request, response) => {
    const end = waiting.enter(request, response);
    if (end === null) return;
    answer(request).then(
      (found) => send(response, end, found),
      (cause: unknown) => {
        if (cause instanceof HttpError && cause.status === 401) options.onRefused(`over HTTP: ${cause.message}`);
        sendError(response, end, cause);
      },
    );
  });
  return server.setTimeout(options.timeoutMs + limits.unreadMs, (socket: Socket) => {
    const isUnread = socket.writableLength > 0; // Node gives kept connections that are idle the same event.
    socket.destroy();
    if (isUnread) options.onRefused(`over HTTP: no byte of an answer was read for ${limits.unreadMs} ms`);
  });
}

function timeLimitsOf({ headersMs, requestMs, checkEveryMs }: HttpLimits): ServerOptions {
  return { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkEveryMs };
}

function lookRoutes({ status, metrics }: HttpPortOptions): readonly Route[] {
  return [
    { method: "GET", path: "/status", handle: async () => ({ body: status() }) },
    {
      method: "GET",
      path: "/metrics",
      handle: async () => ({ body: await metrics.metrics(), contentType: metrics.contentType }),
    },
  ];
}

type End = (body: string) => void;

function send(response: ServerResponse, end: End, { status = 200, contentType, body }: Answer): void {
  response.writeHead(status, { "content-type": contentType ?? "application/json" });
  end(contentType === undefined ? asLine(body) : String(body));
}

/** What no route has foreseen is told of too, and ends this request alone. */
function sendError(response: ServerResponse, end: End, cause: unknown): void {
  if (response.destroyed) return;
  const error = cause instanceof HttpError ? cause : new HttpError(500, "internal", (cause as Error).message);
  const { status, code, message, headers } = error;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  end(asLine({ error: { code, message } }));
}

/** Ends in a newline, for whoever reads it on a terminal. */
function asLine(body: unknown): string {
  return `${JSON.stringify(body)}\n`;
}
