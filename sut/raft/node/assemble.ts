import type { Logger } from "pino";
import { type Clock, nowMs as nowMsOf, repeat } from "../../../time/clock.ts";
import { RaftBug } from "../core/invariant.ts";
import { votersOnly } from "../core/membership.ts";
import type { Message } from "../core/messages.ts";
import type { Rules } from "../core/rules.ts";
import { type RaftState, startState } from "../core/state.ts";
import { step } from "../core/step.ts";
import type { Index, IoId, NodeId, ReadMode, SnapshotMeta } from "../core/types.ts";
import type { KvRules } from "../kv/rules.ts";
import { KvStore } from "../kv/store.ts";
import { initialMembers, type NodeConfig } from "./config.ts";
import { Driver } from "./driver.ts";
import type { Duties } from "./duties.ts";
import type { NodeMetrics } from "./metrics.ts";
import { refusalLog } from "./refusals.ts";
import { isSnapshotMessage, type SnapshotMessage } from "./snapshots/messages.ts";
import { restoreInto } from "./snapshots/restore.ts";
import { type SnapshotContent, Snapshots } from "./snapshots/snapshots.ts";
import { openStorage } from "./storage/data-dir.ts";
import type { Disk } from "./storage/disk.ts";
import { DiskFull, StorageError } from "./storage/errors.ts";
import type { LinksOptions, Transport } from "./transport.ts";

export interface AssemblyOptions {
  readonly config: NodeConfig;
  readonly rules: Rules;
  readonly duties: Duties;
  readonly kvRules: KvRules;
  readonly clock: Clock;
  /** The time that people set, which may jump. */
  readonly timeOfDayMs: () => number;
  readonly disk: Disk;
  /** Names a new data directory: 16 hexadecimal digits that no other one has. */
  readonly newStoreId: () => string;
  /** From [0, 1). */
  readonly random: () => number;
  /** The ways to the peers. */
  readonly links: (options: LinksOptions) => Transport;
  readonly watch: NodeWatch;
  readonly log: Logger;
  readonly metrics: NodeMetrics;
  /** The node cannot go on: its disk failed or is full, or it found itself wrong. */
  readonly onFatal: (reason: FatalReason, cause: Error) => void;
}

/** Whoever looks into a node while it runs. */
export interface NodeWatch {
  /** The core's `step`, or one that also tells of what it does with the state, which is as the node starts. */
  watched(inner: typeof step, state: RaftState): typeof step;
  /** The disk has this write of the core's and all before it; nobody has acted on that yet. */
  durable(io: IoId): void;
  /** Left out: nobody looks into its state machine. */
  readonly stateMachine?: StateMachineWatch;
}

export interface StateMachineWatch {
  /** A session's command is carried out, not merely answered again; the entry at `index` says so. */
  carriedOut(deed: { readonly session: number; readonly sequence: number; readonly index: Index }): void;
  /** A snapshot is durable; the core does not know yet. */
  snapshotTaken(content: SnapshotContent): void;
  /** A state was read from a snapshot, and is about to be the state machine's. */
  snapshotRestored(content: Omit<SnapshotContent, "applied">): void;
}

export type FatalReason = "storage" | "diskFull" | "bug";

/** Why a node stops, or does not start, for an error: what no disk is to blame for is a bug. */
export function reasonOf(cause: Error): FatalReason {
  if (cause instanceof DiskFull) return "diskFull";
  return cause instanceof StorageError ? "storage" : "bug";
}

/** A node without its ports: everything that Raft needs, and nothing of how others reach it. */
export interface AssembledNode {
  readonly driver: Driver;
  readonly state: RaftState;
  readonly readMode: ReadMode;
  droppedMessages(): number;
  walBytes(): number;
  /** A peer's message has arrived. */
  receive(from: NodeId, message: Message | SnapshotMessage): void;
  /** From now on the node looks at its clock. */
  takePart(): void;
  /** Finishes the writes under way, and closes the log. */
  close(): Promise<void>;
}

const longestTickMs = 20;
/** A follower that asks for no more of a snapshot may be syncing it; longer than so many election timeouts is silence. */
const stalledTransferTimeouts = 4;

/** Recovers one node from its disk, and puts its parts together. */
export async function assembleNode(options: AssemblyOptions): Promise<AssembledNode> {
  const { config, rules, duties, kvRules, clock, random, log, metrics } = options;
  const nowMs = () => nowMsOf(clock);
  const eventTimeMs = () => duties.eventTimeMs(clock, options.timeOfDayMs);
  const { knobs } = config;
  const fail = (reason: FatalReason, cause: Error) => {
    driver.stop();
    const values = cause instanceof RaftBug ? cause.values : {};
    log.fatal({ event: "fatal", reason, err: cause, values }, `the node stops: ${cause.message}`);
    options.onFatal(reason, cause);
  };
  const failOfStorage = (cause: Error) => fail(reasonOf(cause), cause);
  const {
    wal,
    recovered,
    snapshots: files,
    close: closeStorage,
  } = await openStorage(config.dataDir, {
    node: config.id,
    newStoreId: options.newStoreId,
    clock,
    fsync: knobs.fsync,
    disk: options.disk,
    segmentBytes: knobs.walSegmentBytes,
    onDurable: (io) => {
      options.watch.durable(io);
      driver.persisted(io);
    },
    onError: failOfStorage,
    onLowSpace: ({ message }) => log.warn({ event: "low-space" }, `no next segment yet: ${message}`),
    onSync: (durationMs) => metrics.fsyncMs.observe(durationMs),
    nowMs,
    duties,
  });
  const { hard, entries, records, cutBytes } = recovered;
  const snapshotIndex = recovered.snapshot?.index ?? 0;
  log.info(
    { event: "recovery", ...hard, snapshotIndex, entries: entries.length, records, cutBytes },
    "recovered the log",
  );
  const stateWatch = options.watch.stateMachine;
  const newStore = () =>
    new KvStore(knobs, kvRules, (session, sequence) =>
      stateWatch?.carriedOut({ session, sequence, index: driver.applying }),
    );
  const restoreStore = async (snapshot: SnapshotMeta): Promise<KvStore> => {
    const { store, digest } = await restoreInto(newStore(), files, snapshot);
    stateWatch?.snapshotRestored({ label: snapshot.index, digest });
    return store;
  };
  const store = recovered.snapshot === null ? newStore() : await restoreStore(recovered.snapshot);

  const bootstrap = votersOnly(initialMembers(config));
  const chance = random();
  const state = startState(
    { id: config.id, bootstrap, leaseReads: config.readMode === "lease", ...knobs },
    recovered,
    { now: eventTimeMs(), random: chance, run: chance },
    rules,
  );
  const transport = options.links({
    id: config.id,
    peers: config.peers,
    stallMs: knobs.electionTimeoutMs,
    pingMs: knobs.heartbeatMs,
    nowMs,
    random,
    onRefused: refusalLog(log, nowMs),
    onChange: (peer, up) => log.info({ event: "link", peer, up }, `${peer} ${up ? "answers" : "does not answer"}`),
  });
  const snapshots = new Snapshots({
    files,
    state: () => state,
    send: (to, message) => transport.send(to, message),
    tellCore: (event) => driver.onSnapshot(event),
    onTaken: (content) => stateWatch?.snapshotTaken(content),
    deliver: (from, message) => driver.receive(from, message),
    stallMs: stalledTransferTimeouts * knobs.electionTimeoutMs,
    clock,
    log,
    metrics: metrics.snapshots,
    onError: failOfStorage,
  });
  const driver: Driver = new Driver({
    state,
    rules,
    duties,
    step: options.watch.watched(step, state),
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
    eventTimeMs,
    random,
    log,
    metrics,
    onBug: (cause) => fail("bug", cause as Error),
    onStorageError: failOfStorage,
  });
  let stopTicking = (): void => undefined;
  return {
    driver,
    state,
    readMode: config.readMode,
    droppedMessages: () => transport.dropped(),
    walBytes: () => wal.bytes,
    receive: (from, message) => {
      if (isSnapshotMessage(message)) snapshots.receive(from, message);
      else driver.receive(from, message);
    },
    takePart: () => {
      // The tick comes after what the sockets hold: a node that was paused hears what it missed before it looks at the clock.
      const tickMs = Math.min(longestTickMs, knobs.heartbeatMs / 4);
      const tick = (): void => driver.tick();
      stopTicking = repeat(clock, tickMs, () => clock.soon(tick));
    },
    close: async () => {
      stopTicking();
      driver.stop();
      snapshots.close();
      transport.close();
      await closeStorage();
    },
  };
}
