import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RaftState } from "../core/state.ts";

export interface NodeMetrics {
  readonly registry: Registry;
  readonly proposals: Counter;
  readonly elections: Counter;
  readonly fsyncMs: Histogram;
}

const roles = ["follower", "pre-candidate", "candidate", "leader"] as const;
const fsyncBucketsMs = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** What `/metrics` tells, in Prometheus' format. Gauges look at the state when they are asked. */
export function createMetrics(state: () => RaftState, droppedMessages: () => number): NodeMetrics {
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
  gauge("raft_last_log_index", "last index in the log", () => state().log.lastIndex);
  gauge("raft_dropped_messages", "messages to peers dropped since the start: link down, or full", droppedMessages);
  new Gauge({
    name: "raft_role",
    help: "1 for the role that the node has",
    labelNames: ["role"],
    registers,
    collect: function set() {
      for (const role of roles) this.set({ role }, state().role === role ? 1 : 0);
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  gauge("event_loop_delay_max_ms", "longest delay of the event loop since the last look", () => {
    const maxMs = delay.max / 1e6;
    delay.reset();
    return maxMs;
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
  };
}
