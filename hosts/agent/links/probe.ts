import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Edge } from "../../../history/annotations.ts";
import type { Endpoint } from "../../host.ts";
import type { Probe } from "../protocol.ts";

/**
 * Dials an endpoint and says how that went. `onConnect` decides what a connection proves; left out, a connection is
 * an arrival.
 */
export function probeEdge(
  edge: Edge,
  { host, port }: Endpoint,
  timeoutMs: number,
  onConnect: (socket: Socket, settle: (outcome: Probe["outcome"]) => void) => void = (_, settle) => settle("connected"),
): Promise<Probe> {
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<Probe>();
  const socket = connect({ host, port });
  const settle = (outcome: Probe["outcome"], detail = "") => {
    clearTimeout(timer);
    socket.destroy();
    resolve({ edge, outcome, afterMs: Math.round(performance.now() - startedMs), detail });
  };
  const timer = setTimeout(() => settle("unanswered"), timeoutMs);
  socket.on("connect", () => onConnect(socket, settle));
  socket.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "ECONNREFUSED" ? settle("refused") : settle("failed", error.message),
  );
  return promise;
}

/**
 * Probes an edge at each of its ports. It is open, or cut, when all of them are; where they differ it is neither, and the detail
 * says what each answered.
 */
export async function probePorts<Port extends { readonly name: string }>(
  edge: Edge,
  ports: readonly Port[],
  probe: (port: Port) => Promise<Probe>,
): Promise<Probe> {
  const probes = await Promise.all(ports.map(probe));
  const [first, ...others] = probes;
  if (first === undefined) throw new Error(`there is no port for peers on ${edge.join("->")}`);
  if (others.every(({ outcome }) => outcome === first.outcome)) return first;
  const detail = probes.map(({ outcome }, place) => `${ports[place]!.name} ${outcome}`).join(", ");
  const outcome = probes.every(isOpen) ? "connected" : "failed";
  return { edge, outcome, afterMs: Math.max(...probes.map(({ afterMs }) => afterMs)), detail };
}

/** A refusal is the far end's own answer too: what is missing is its process. */
export function isOpen({ outcome }: Probe): boolean {
  return outcome === "connected" || outcome === "refused";
}
