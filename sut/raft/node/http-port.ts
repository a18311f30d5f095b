import { createServer, type Server, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { RaftState } from "../core/state.ts";

/** What `GET /status` answers. */
export interface NodeStatus {
  readonly id: string;
  readonly role: RaftState["role"];
  readonly term: number;
  readonly leader: string | null;
  readonly votedFor: string | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly lastLogIndex: number;
  readonly readMode: string;
  /** On a leader: how far each follower's log is known to match, and whether it is probed or sent to. */
  readonly peers?: Readonly<Record<string, { readonly matchIndex: number; readonly nextIndex: number; mode: string }>>;
}

export interface HttpPortOptions {
  readonly state: () => RaftState;
  readonly readMode: string;
  readonly metrics: Registry;
}

/** `/status` for the observer and people, `/metrics` for Prometheus; anything else is an error in JSON, with a code. */
export function createHttpPort(options: HttpPortOptions): Server {
  const routes: Record<string, (response: ServerResponse) => void> = {
    "/status": (response) => sendJson(response, 200, statusOf(options.state(), options.readMode)),
    "/metrics": (response) => {
      options.metrics.metrics().then(
        (text) => response.writeHead(200, { "content-type": options.metrics.contentType }).end(text),
        (error: Error) => sendJson(response, 500, { code: "metrics-failed", message: error.message }),
      );
    },
  };
  return createServer((request, response) => {
    // Not `new URL`, which throws on targets that any stranger may send, such as `//`.
    const path = request.url?.split("?", 1)[0] ?? "/";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) {
      sendJson(response, 404, {
        code: "not-found",
        message: `no ${path} here; there is ${Object.keys(routes).join(", ")}`,
      });
    } else if (request.method !== "GET") {
      sendJson(response, 405, { code: "method-not-allowed", message: `${path} answers GET only` });
    } else {
      route(response);
    }
  });
}

function statusOf(state: RaftState, readMode: string): NodeStatus {
  const { role, term, leader, votedFor, commitIndex, lastApplied, leadership } = state;
  const status = { id: state.config.id, role, term, leader, votedFor, commitIndex, lastApplied, readMode };
  const lastLogIndex = state.log.lastIndex;
  if (leadership === null) return { ...status, lastLogIndex };
  const peers = Object.fromEntries(
    [...leadership.progress].map(([peer, { matchIndex, nextIndex, mode }]) => [peer, { matchIndex, nextIndex, mode }]),
  );
  return { ...status, lastLogIndex, peers };
}

function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}
