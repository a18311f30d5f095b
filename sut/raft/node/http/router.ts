import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** What a handler is given: the request, and what its target says. */
export interface Call {
  readonly request: IncomingMessage;
  /** The part of the path that stands where the route says `KEY` or `ID`, decoded. */
  readonly name: string;
  readonly query: URLSearchParams;
}

/** Text goes out as it is, anything else as JSON; undefined is an answer without a body. */
export interface Answer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: unknown;
}

export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Its words in capitals stand for any one part of a path, such as `/kv/KEY/cas`. */
  readonly path: string;
  readonly handle: (call: Call) => Promise<Answer>;
}

/** The route for a request and what it is called with. Throws HttpError 400, 404 or 405. */
export function findRoute(routes: readonly Route[], request: IncomingMessage): { route: Route; call: Call } {
  // Not `new URL`, which throws on targets that any stranger may send, such as `//`.
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const parts = path.split("/");
  const there = routes.filter((route) => fits(route, parts));
  if (there.length === 0) throw new HttpError(404, "no-route", `no ${path} here; there is ${listed(routes)}`);
  const route = there.find(({ method }) => method === request.method);
  if (route === undefined) {
    const allow = there.map(({ method }) => method).join(", ");
    throw new HttpError(405, "method-not-allowed", `${path} answers ${allow}`, { allow });
  }
  return { route, call: { request, name: nameIn(route, parts), query: new URLSearchParams(query) } };
}

function fits({ path }: Route, parts: readonly string[]): boolean {
  const wanted = path.split("/");
  return (
    wanted.length === parts.length && wanted.every((part, at) => (isName(part) ? parts[at] !== "" : part === parts[at]))
  );
}

function isName(part: string): boolean {
  return /^[A-Z]+$/.test(part);
}

function nameIn({ path }: Route, parts: readonly string[]): string {
  const part = parts[path.split("/").findIndex(isName)] ?? "";
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    if (cause instanceof URIError) throw new HttpError(400, "bad-path", `${part} is not percent-encoded UTF-8`);
    throw cause;
  }
}

function listed(routes: readonly Route[]): string {
  return routes.map(({ method, path }) => `${method} ${path}`).join(", ");
}
