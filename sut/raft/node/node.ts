import type { Server } from "node:net";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type Clock, nowMs as nowMsOf, repeat } from "../../../time/clock.ts";
import { RaftBug } from "../core/invariant.ts";
import { votersOnly } from "../core/membership.ts";
import type { Rules } from "../core/rules.ts";
import { startState } from "../core/state.ts";
import { step } from "../core/step.ts";
import type { SnapshotMeta } from "../core/types.ts";
import { KvStore } from "../kv/store.ts";
import { createClientPort } from "./client-port.ts";
import { initialMembers, type NodeConfig } from "./config.ts";
import { Driver } from "./driver.ts";
import { type NodeStatus, statusOf } from "./http/status.ts";
import { createHttpPort } from "./http-port.ts";
import { watchLoopDelay } from "./loop-delay.ts";
import { createMetrics } from "./metrics.ts";
import { createPeerServer, type PeerServerOptions } from "./peer-server.ts";
import { isSnapshotMessage } from "./snapshots/messages.ts";
import { restoreInto } from "./snapshots/restore.ts";
import { Snapshots } from "./snapshots/snapshots.ts";
import { openStorage } from "./storage/data-dir.ts";
import type { Disk } from "./storage/disk.ts";
import { DiskFull } from "./storage/errors.ts";
import { openTrace, tracedStep } from "./trace.ts";
import { openLinks } from "./transport.ts";

export interface NodeOptions {
  readonly config: NodeConfig;
  readonly rules: Rules;
  readonly log: Logger;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: () => number;
  /** The node cannot go on: its disk failed or is full, or it found itself wrong. */
  readonly onFatal: (reason: FatalReason, cause: Error) => void;
}

export type FatalReason = "storage" | "diskFull" | "bug";

export interface RunningNode {
  /** Finishes the writes under way, closes the ports and the log. */
  close(): Promise<void>;
}

const longestTickMs = 20;
/** A follower that asks for no more of a snapshot may be syncing what it has; longer than so many election timeouts is silence. */
const stalledTransferTimeouts = 4;

/** Recovers one node from its disk, opens its ports and lets it take part. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { config, rules, log, clock, random } = options;
  const { knobs } = config;
  const nowMs = () => nowMsOf(clock);
  const loopDelay = watchLoopDelay();
  const startedMs = nowMs();
  const metrics = createMetrics({
    state: () => state,
    droppedMessages: () => transport.dropped(),
    walBytes: () => wal.bytes,
    loopDelay,
  });
  // First of all: a second process of this node ends here, before it touches the log that the first one writes.
  let takesPart = false;
  const peerServer = await openPeerPort(config, log, {
    accepts: () => takesPart,
    onMessage: (from, message) => {
      if (isSnapshotMessage(message)) snapshots.receive(from, message);
      else driver.receive(from, message);
    },
  });
  const {
    wal,
    recovered,
    snapshots: files,
  } = await openStorage(config.dataDir, {
    disk: options.disk,
    segmentBytes: knobs.walSegmentBytes,
    onDurable: (io) => driver.persisted(io),
    onError: (cause) => failOfStorage(cause),
    onLowSpace: ({ message }) => log.warn({ event: "low-space" }, `no next segment yet: ${message}`),
    onSync: (durationMs) => metrics.fsyncMs.observe(durationMs),
    nowMs,
  });
  const { hard, entries, records, cutBytes } = recovered;
  const snapshotIndex = recovered.snapshot?.index ?? 0;
  log.info(
    { event: "recovery", ...hard, snapshotIndex, entries: entries.length, records, cutBytes },
    "recovered the log",
  );
  const restoreStore = (snapshot: SnapshotMeta) => restoreInto(new KvStore(knobs), files, snapshot);
  const store = recovered.snapshot === null ? new KvStore(knobs) : await restoreStore(recovered.snapshot);

  const bootstrap = votersOnly(initialMembers(config));
  const state = startState(
    { id: config.id, bootstrap, leaseReads: config.readMode === "lease", ...knobs },
    recovered,
    { now: nowMs(), random: random() },
    rules,
  );
  const transport = openLinks({
    id: config.id,
    peers: config.peers,
    stallMs: knobs.electionTimeoutMs,
    pingMs: knobs.heartbeatMs,
    nowMs,
    random,
    onChange: (peer, up) => log.info({ event: "link", peer, up }, `${peer} ${up ? "answers" : "does not answer"}`),
  });
  const snapshots = new Snapshots({
    files,
    state: () => state,
    send: (to, message) => transport.send(to, message),
    tellCore: (event) => driver.onSnapshot(event),
    deliver: (from, message) => driver.receive(from, message),
    stallMs: stalledTransferTimeouts * knobs.electionTimeoutMs,
    clock,
    log,
    metrics: metrics.snapshots,
    onError: (cause) => failOfStorage(cause),
  });
  const driver: Driver = new Driver({
    state,
    rules,
    step: knobs.trace ? tracedStep(step, state, openTrace(config.dataDir), () => clock.nowNs()) : step,
    readMode: config.readMode,
    batchWindowMs: knobs.batchWindowMs,
    store,
    restoreStore,
    snapshotEntries: knobs.snapshotEntries,
    snapshots,
    transport,
    addressBook: new Set([config.id, ...Object.keys(config.peers)]),
    appendToLog: (io, record) => wal.append(io, record),
    compactLog: (through) => wal.compact(through),
    clock,
    random,
    log,
    metrics,
    onBug: (cause) => fail("bug", cause as Error),
    onStorageError: (cause) => failOfStorage(cause),
  });
  const fail = (reason: FatalReason, cause: Error) => {
    driver.stop();
    const values = cause instanceof RaftBug ? cause.values : {};
    log.fatal({ event: "fatal", reason, err: cause, values }, `the node stops: ${cause.message}`);
    options.onFatal(reason, cause);
  };
  const failOfStorage = (cause: Error) => fail(cause instanceof DiskFull ? "diskFull" : "storage", cause);

  const status = () =>
    statusOf(state, {
      readMode: config.readMode,
      uptimeMs: Math.round(nowMs() - startedMs),
      eventLoopDelayMs: loopDelay(),
    });
  const servers = [peerServer, ...(await openPorts(options, driver, metrics.registry, status))];
  takesPart = true;
  log.info({ event: "listening", ...config.listen }, "the node takes part");
  // The tick comes after what the sockets hold: a node that was paused hears what it missed before it looks at the clock.
  const tickMs = Math.min(longestTickMs, knobs.heartbeatMs / 4);
  const stopTicking = repeat(clock, tickMs, () => clock.soon(() => driver.tick()));
  return {
    close: async () => {
      stopTicking();
      driver.stop();
      snapshots.close();
      transport.close();
      for (const server of servers) server.close();
      await wal.close();
    },
  };
}

function openPeerPort(
  config: NodeConfig,
  log: Logger,
  options: Pick<PeerServerOptions, "accepts" | "onMessage">,
): Promise<Server> {
  const peers = new Set(Object.keys(config.peers));
  return listen(createPeerServer({ id: config.id, peers, onRefused: warnOfRefusal(log), ...options }), config, "peer");
}

async function openPorts(
  { config, log }: NodeOptions,
  driver: Driver,
  metrics: Registry,
  status: () => NodeStatus,
): Promise<Server[]> {
  const { id, readMode, knobs } = config;
  const onRefused = warnOfRefusal(log);
  const submit = driver.submit.bind(driver);
  const client = createClientPort({ greeting: { node: id, readMode }, submit, onRefused });
  const leaderAddress = (node: string) => config.httpAddresses[node];
  const reconfigure = driver.reconfigure.bind(driver);
  const timeoutMs = knobs.httpTimeoutMs;
  const transfer = driver.transfer.bind(driver);
  const http = createHttpPort({ submit, reconfigure, transfer, timeoutMs, leaderAddress, status, metrics });
  return [await listen(client, config, "client"), await listen(http, config, "http")];
}

function warnOfRefusal(log: Logger): (reason: string) => void {
  return (reason) => log.warn({ event: "refused", reason }, `connection refused: ${reason}`);
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
