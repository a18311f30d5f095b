import type { Server } from "node:net";
import type { Registry } from "prom-client";
import { nowMs } from "../../../time/clock.ts";
import { maxRequestBytes } from "../protocol/client-messages.ts";
import { type AssemblyOptions, assembleNode, type NodeWatch } from "./assemble.ts";
import { createClientPort } from "./client-port.ts";
import type { NodeConfig } from "./config.ts";
import type { Driver } from "./driver.ts";
import { type NodeStatus, statusOf } from "./http/status.ts";
import { createHttpPort } from "./http-port.ts";
import { watchLoopDelay } from "./loop-delay.ts";
import { createMetrics } from "./metrics.ts";
import { createPeerServer, type PeerServerOptions } from "./peer-server.ts";
import { refusalLog } from "./refusals.ts";
import { openNodeTrace, openTrace } from "./trace.ts";
import { openLinks } from "./transport.ts";

export interface NodeOptions extends Omit<AssemblyOptions, "links" | "watch" | "metrics"> {
  /** The cluster's. Whoever does not know it gets into no port. */
  readonly secret: string;
}

export interface RunningNode {
  /** Finishes the writes under way, closes the ports and the log. */
  close(): Promise<void>;
}

const unwatched: NodeWatch = { watched: (step) => step, durable: () => undefined };

/** Recovers one node from its disk, opens its ports and lets it take part. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { config, log, clock } = options;
  const loopDelay = watchLoopDelay();
  const startedMs = nowMs(clock);
  const metrics = createMetrics({
    state: () => node.state,
    droppedMessages: () => node.droppedMessages(),
    walBytes: () => node.walBytes(),
    loopDelay,
  });
  // First of all: a second process of this node ends here, before it touches the log that the first one writes.
  let takesPart = false;
  const peerServer = await openPeerPort(options, {
    accepts: () => takesPart,
    onMessage: (from, message) => node.receive(from, message),
  });
  const watch = config.knobs.trace
    ? openNodeTrace(
        () => openTrace(config.dataDir),
        () => clock.nowNs(),
      )
    : unwatched;
  const node = await assembleNode({ ...options, links: (links) => openLinks(options.secret, links), watch, metrics });
  const status = () =>
    statusOf(node.state, {
      readMode: config.readMode,
      uptimeMs: Math.round(nowMs(clock) - startedMs),
      clock: { wallMs: options.timeOfDayMs(), monotonicMs: nowMs(clock) },
      eventLoopDelayMs: loopDelay(),
    });
  const servers = [peerServer, ...(await openPorts(options, node.driver, metrics.registry, status))];
  takesPart = true;
  log.info({ event: "listening", ...config.listen }, "the node takes part");
  node.takePart();
  return {
    close: async () => {
      const closed = node.close();
      for (const server of servers) server.close();
      await closed;
    },
  };
}

function openPeerPort(
  { config, secret, log, clock }: NodeOptions,
  callbacks: Pick<PeerServerOptions, "accepts" | "onMessage">,
): Promise<Server> {
  const { id, knobs } = config;
  const peers = new Set(Object.keys(config.peers));
  const maxFrameBytes = maxPeerFrameBytes(knobs);
  const options = { id, secret, peers, maxFrameBytes, onRefused: refusalLog(log, () => nowMs(clock)), ...callbacks };
  return listen(createPeerServer(options), config, "peer");
}

/** A full AppendEntries, of which the last command may be as large as a request, and what is said of each entry. */
function maxPeerFrameBytes({ maxBytesPerAppend, maxEntriesPerAppend }: NodeConfig["knobs"]): number {
  const entryOverheadBytes = 4 * 1024;
  return Math.max(maxBytesPerAppend, maxRequestBytes) + maxRequestBytes + maxEntriesPerAppend * entryOverheadBytes;
}

async function openPorts(
  { config, secret, log, clock }: NodeOptions,
  driver: Driver,
  metrics: Registry,
  status: () => NodeStatus,
): Promise<Server[]> {
  const { id, readMode, knobs } = config;
  const onRefused = refusalLog(log, () => nowMs(clock));
  const submit = driver.submit.bind(driver);
  const client = createClientPort({ greeting: { node: id, readMode }, secret, submit, onRefused });
  const leaderAddress = (node: string) => config.httpAddresses[node];
  const reconfigure = driver.reconfigure.bind(driver);
  const timeoutMs = knobs.httpTimeoutMs;
  const transfer = driver.transfer.bind(driver);
  const http = createHttpPort({
    submit,
    reconfigure,
    transfer,
    timeoutMs,
    leaderAddress,
    status,
    metrics,
    ownNames: namesIn(config),
    secret,
    onRefused,
  });
  return [await listen(client, config, "client"), await listen(http, config, "http")];
}

/** Names under which clients reach the cluster's HTTP ports, as far as this node was told. */
function namesIn({ listen, httpAddresses }: NodeConfig): ReadonlySet<string> {
  const told = Object.values(httpAddresses).map((address) => address.replace(/:\d+$/, ""));
  return new Set([listen.http.host, ...told].map((name) => name.toLowerCase()));
}

/** The port is taken, or may not be opened. */
export class ListenError extends Error {}

function listen<S extends Server>(server: S, config: NodeConfig, name: "peer" | "client" | "http"): Promise<S> {
  const { host, port } = config.listen[name];
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(new ListenError(`${config.id} cannot listen on ${host}:${port} (${name}): ${cause.code}`, { cause })),
    );
    server.listen({ host, port }, () => resolve(server));
  });
}
