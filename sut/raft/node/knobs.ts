import { z } from "zod";
import { flag as boolean, wholeNumber as count } from "../../../errors/schemas.ts";
import { defaultKvLimits } from "../kv/store.ts";

/** The node's own options one by one, with units in their names. Unknown names are refused. */
const knobs = z.strictObject({
  electionTimeoutMs: count(20)
    .default(500)
    .describe("shortest time without a leader before a campaign; drawn from [this, twice this]"),
  heartbeatMs: count(5).default(100).describe("time between a leader's heartbeats"),
  preVote: boolean.default(true).describe("ask whether an election could be won before raising the term (§9.6)"),
  checkQuorum: boolean
    .default(true)
    .describe("a leader without a majority steps down (§6.2), and no node votes while it hears a leader (§4.2.3)"),
  leaseDriftPercent: count(0)
    .default(10)
    .describe("read mode lease: how much faster, in percent, the fastest clock of a cluster may run than the slowest"),
  noop: boolean.default(true).describe("a new leader opens its term with an empty entry (§6.4)"),
  fsync: boolean.default(true).describe("wait for the disk before promising anything; false loses data on power loss"),
  walSegmentBytes: count(4096)
    .default(16 * 1024 * 1024)
    .describe("size of one file of the write-ahead log, in bytes; a file is removed when a snapshot has all of it"),
  maxEntriesPerAppend: count(1).default(256).describe("entries in one AppendEntries message"),
  maxBytesPerAppend: count(1)
    .default(1024 * 1024)
    .describe("bytes of commands in one AppendEntries message; a larger entry is sent alone"),
  snapshotEntries: count(1)
    .default(10_000)
    .describe("takes a snapshot after every entry whose index is a multiple of this; the same on every node"),
  trailingEntries: count(0)
    .default(5_000)
    .describe("entries that stay in the log when a snapshot replaces the rest, for followers that lag a little"),
  maxUncommittedBytes: count(1)
    .default(64 * 1024 * 1024)
    .describe("bytes of commands that wait for a majority, at most; more are refused as overloaded"),
  batchWindowMs: count(0)
    .default(0)
    .describe("time that commands wait to be proposed together; 0 groups only those that arrive at the same moment"),
  inflightWindow: count(1).default(8).describe("AppendEntries messages in flight to one follower"),
  trace: boolean
    .default(false)
    .describe("write every transition of the core to trace.jsonl in the data directory, for checking offline; slow"),
  httpTimeoutMs: count(1).default(5000).describe("how long a request over HTTP waits for the cluster's answer"),
  sessions: boolean
    .default(true)
    .describe("clients of keelhaul write in sessions (§6.3), and send again what was not answered"),
  maxSessions: count(1, 100_000)
    .default(defaultKvLimits.maxSessions)
    .describe("sessions remembered; beyond it the least recently used is forgotten. The same on every node"),
  maxValueBytes: count(1, defaultKvLimits.maxValueBytes)
    .default(defaultKvLimits.maxValueBytes)
    .describe("bytes of JSON that a key may hold, and a transaction may read. The same on every node"),
});

/** Knobs that fit together. A follower must be able to miss two heartbeats, or a healthy leader is voted out at random. */
export const knobsSchema = knobs.superRefine(({ heartbeatMs, electionTimeoutMs }, context) => {
  if (3 * heartbeatMs <= electionTimeoutMs) return;
  const heartbeatIsDefault = heartbeatMs === knobs.shape.heartbeatMs.parse(undefined);
  context.addIssue({
    code: "custom",
    path: [heartbeatIsDefault ? "electionTimeoutMs" : "heartbeatMs"],
    message: `heartbeatMs (${heartbeatMs}) must be at most a third of electionTimeoutMs (${electionTimeoutMs})`,
  });
});

export type Knobs = z.output<typeof knobsSchema>;
