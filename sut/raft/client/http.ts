import type { RaftNode } from "../ports.ts";
import { httpToken } from "../protocol/http-token.ts";

/** A node's HTTP port, `HOST:PORT`, and its cluster's token, if that is known. */
export interface HttpTarget {
  readonly address: string;
  readonly token?: string | undefined;
}

export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  /** JSON. */
  readonly body?: string | undefined;
}

export function httpTarget(node: RaftNode) {
  return { address: httpAddress(node), token: httpToken(node.secret) } satisfies HttpTarget;
}

/** Where the controller reaches a node's HTTP port: `HOST:PORT`. */
export function httpAddress({ addresses }: RaftNode): string {
  const { host, port } = addresses.reach.http;
  return `${host}:${port}`;
}

const maxRedirects = 3;

/**
 * Asks a node, and the leader that it names. Rejects when there is no answer in time. Redirects are followed here, because
 * `fetch` sends no `Authorization` to another port.
 */
export async function askOverHttp(target: HttpTarget, request: HttpRequest, timeoutMs: number): Promise<Response> {
  const signal = AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)));
  let url = `http://${target.address}${request.path}`;
  for (let redirects = 0; ; redirects++) {
    const response = await send(url, target.token, request, signal);
    const location = response.headers.get("location");
    if (response.status !== 307 || location === null || redirects === maxRedirects) return response;
    await response.body?.cancel();
    url = location;
  }
}

function send(url: string, token: string | undefined, { method = "GET", body }: HttpRequest, signal: AbortSignal) {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  return fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) });
}
