import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RaftState } from "../core/state.ts";
import type { LoopDelay } from "./loop-delay.ts";

/** What is counted where it happens; all else `/metrics` reads off the node when it is asked. */
export interface NodeMetrics {
  readonly proposals: Count;
  readonly elections: Count;
  readonly fsyncMs: Distribution;
  readonly batchEntries: Distribution;
  readonly snapshots: SnapshotMetrics;
}

export interface SnapshotMetrics {
  readonly taken: Count;
  readonly sent: Count;
  readonly received: Count;
  /** Content of the last one taken. */
  readonly bytes: Level;
  readonly durationMs: Distribution;
}

interface Count {
  inc(by?: number): void;
}

interface Level {
  set(value: number): void;
}

interface Distribution {
  observe(value: number): void;
}

/** Where gauges look when somebody asks for them. */
export interface MetricSources {
  readonly state: () => RaftState;
  readonly droppedMessages: () => number;
  readonly walBytes: () => number;
  readonly loopDelay: () => LoopDelay;
}

const roles = ["follower", "pre-candidate", "candidate", "leader"] as const;
const fsyncBucketsMs = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const snapshotBucketsMs = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What `/metrics` tells, in Prometheus' format. */
export function createMetrics({
  state,
  droppedMessages,
  walBytes,
  loopDelay,
}: MetricSources): NodeMetrics & { readonly registry: Registry } {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect: function set() {
        this.set(value());
      },
    });
  gauge("raft_term", "current term", () => state().term);
  gauge("raft_commit_index", "highest index known to be committed", () => state().commitIndex);
  gauge("raft_last_applied", "highest index applied to the state machine", () => state().lastApplied);
  gauge("raft_first_log_index", "first index that the log still has", () => state().log.base.index + 1);
  gauge("raft_last_log_index", "last index in the log", () => state().log.lastIndex);
  gauge("raft_log_entries", "entries of the log that are held in memory", () => entriesInMemory(state()));
  gauge(
    "raft_snapshot_index",
    "index up to which a snapshot stands in for the log",
    () => state().snapshot?.index ?? 0,
  );
  gauge("raft_voters", "members that vote", () => state().log.membership.incoming.length);
  gauge("raft_dropped_messages", "messages to peers dropped since the start: link down, or full", droppedMessages);
  gauge("raft_wal_bytes", "bytes that the write-ahead log takes on the disk, in whole segments", walBytes);
  gauge("event_loop_delay_p99_ms", "99th percentile of the event loop's delay, last 10 s", () => loopDelay().p99);
  gauge("event_loop_delay_max_ms", "longest delay of the event loop, last 10 s", () => loopDelay().max);
  new Gauge({
    name: "raft_role",
    help: "1 for the role that the node has",
    labelNames: ["role"],
    registers,
    collect: function set() {
      for (const role of roles) this.set({ role }, state().role === role ? 1 : 0);
    },
  });
  return {
    registry,
    proposals: new Counter({ name: "raft_proposals_total", help: "commands that clients sent here", registers }),
    elections: new Counter({ name: "raft_elections_total", help: "elections that this node began", registers }),
    fsyncMs: new Histogram({
      name: "raft_fsync_ms",
      help: "duration of an fdatasync of the write-ahead log, in milliseconds",
      buckets: fsyncBucketsMs,
      registers,
    }),
    batchEntries: new Histogram({
      name: "raft_batch_entries",
      help: "entries in one write of the core to the log",
      buckets: batchBuckets,
      registers,
    }),
    snapshots: snapshotMetrics(registers),
  };
}

function entriesInMemory({ log }: RaftState): number {
  return log.lastIndex - log.base.index;
}

function snapshotMetrics(registers: Registry[]): SnapshotMetrics {
  return {
    taken: new Counter({ name: "raft_snapshots_taken_total", help: "snapshots that this node took", registers }),
    sent: new Counter({
      name: "raft_snapshots_sent_total",
      help: "snapshots that the node began to send to a follower",
      registers,
    }),
    received: new Counter({ name: "raft_snapshots_received_total", help: "snapshots received whole", registers }),
    bytes: new Gauge({ name: "raft_snapshot_bytes", help: "content of the last snapshot taken, in bytes", registers }),
    durationMs: new Histogram({
      name: "raft_snapshot_ms",
      help: "time from the beginning of a snapshot until it was durable, in milliseconds",
      buckets: snapshotBucketsMs,
      registers,
    }),
  };
}
