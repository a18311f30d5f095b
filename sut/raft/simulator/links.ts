import type { NodeId } from "../core/types.ts";
import { redialMs } from "../node/peer-link.ts";
import type { LinksOptions, Transport } from "../node/transport.ts";
import type { Edge } from "./edge.ts";

/** One process's links to its peers over simulated edges: dialled, given up and dialled again as PeerLink does. */
export function openSimulatedLinks(options: LinksOptions, edgeTo: (to: NodeId) => Edge): Transport {
  const links = new Map(Object.keys(options.peers).map((to) => [to, new SimulatedLink(to, edgeTo(to), options)]));
  return {
    send: (to, message) => links.get(to)?.send(message),
    tick: () => {
      for (const link of links.values()) link.tick();
    },
    dropped: () => [...links.values()].reduce((sum, { dropped }) => sum + dropped, 0),
    close: () => {
      for (const link of links.values()) link.close();
    },
  };
}

class SimulatedLink {
  readonly #to: NodeId;
  readonly #edge: Edge;
  readonly #options: LinksOptions;
  #wasUp = false;
  #dialAtMs = 0;
  dropped = 0;

  constructor(to: NodeId, edge: Edge, options: LinksOptions) {
    this.#to = to;
    this.#edge = edge;
    this.#options = options;
  }

  send(message: Parameters<Edge["send"]>[0]): void {
    if (!this.#edge.send(message)) this.dropped++;
  }

  tick(): void {
    const { nowMs, stallMs } = this.#options;
    this.#edge.tick();
    if (this.#edge.silentMs > stallMs) this.#edge.hangUp();
    this.#changeTo(this.#edge.isUp);
    if (this.#edge.isUp || nowMs() < this.#dialAtMs) return;
    if (this.#edge.dial()) this.#changeTo(true);
    else this.#redialLater();
  }

  close(): void {
    this.#edge.hangUp();
  }

  #changeTo(up: boolean): void {
    if (this.#wasUp === up) return;
    this.#wasUp = up;
    this.#options.onChange(this.#to, up);
    if (!up) this.#redialLater();
  }

  #redialLater(): void {
    const { nowMs, random } = this.#options;
    this.#dialAtMs = nowMs() + redialMs.min + random() * (redialMs.max - redialMs.min);
  }
}
