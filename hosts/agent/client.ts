import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Endpoint } from "../host.ts";
import { type CallName, calls, type Reply, type Request } from "./protocol.ts";

/** Long enough for a kill on a machine that is busy; a deed that takes longer is a failure to be told. */
const callTimeoutMs = 15_000;

/** The controller's end of the protocol: one agent. */
export class AgentClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor({ host, port }: Endpoint, token: string) {
    this.#url = `http://${host}:${port}`;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  /** Rejects, with the agent's own words, when the call was refused, failed or had no answer. */
  async call<Name extends CallName>(
    name: Name,
    request: Request<Name>,
    timeoutMs = callTimeoutMs,
  ): Promise<Reply<Name>> {
    const response = await this.#fetch(`/${name}`, { method: "POST", body: JSON.stringify(request) }, timeoutMs);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`agent at ${this.#url}: ${name}: ${(body as { error: string }).error}`);
    return calls[name].reply.parse(body) as Reply<Name>;
  }

  /** Copies one of the node's files into `file`; false when there is none. */
  async copyFile(node: string, ending: string, file: string): Promise<boolean> {
    const response = await this.#fetch(`/file/${encodeURIComponent(`${node}/${ending}`)}`, {}, 60_000);
    if (response.status === 404) return false;
    if (!response.ok || !response.body)
      throw new Error(`agent at ${this.#url}: ${ending} of ${node}: ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
    return true;
  }

  async #fetch(path: string, init: RequestInit, timeoutMs: number): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      return await fetch(this.#url + path, { ...init, headers: this.#headers, signal });
    } catch (error) {
      throw new Error(`agent at ${this.#url}: ${path.slice(1)} had no answer`, { cause: error });
    }
  }
}
