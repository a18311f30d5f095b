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
