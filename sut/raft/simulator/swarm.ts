import type { RandomStream } from "../../../random/stream.ts";
import type { Simulatable } from "../../simulatable.ts";

/** What campaigns draw runs of this store from. */
export const swarm: Simulatable["swarm"] = {
  readModes: ["log", "read-index", "lease", "follower"],
  drawKnobs,
  drawHuntKnobs,
  minLoadShare,
};

/** The same draws with the smallest limits in most runs: what waits for a full segment or a snapshot happens every second. */
function drawHuntKnobs(random: RandomStream, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const timeouts = { electionTimeoutMs: random.pick([300, 300, 500]) };
  const limits = {
    snapshotEntries: random.pick([20, 20, 100]),
    trailingEntries: random.pick([0, 10]),
    maxEntriesPerAppend: random.pick([1, 8]),
    inflightWindow: random.pick([1, 2, 8]),
  };
  const small = { ...limits, walSegmentBytes: 4096, sessions: true };
  return { ...drawKnobs(random, { ...timeouts, ...given }), ...small };
}

const removing: readonly string[] = ["membership", "churn"];

/**
 * A removed server hears no leader and campaigns for ever. Where voters neither answer pre-votes nor refuse candidates while
 * they hear a leader, it deposes one leader after the other, and few requests are answered in between (thesis, §4.2.3).
 */
function minLoadShare(knobs: Readonly<Record<string, unknown>>, faults: readonly string[]): number | null {
  const isDeposed = knobs["preVote"] === false && knobs["checkQuorum"] === false;
  return isDeposed && faults.some((fault) => removing.includes(fault)) ? 0.02 : null;
}

/** Small limits, so that runs of seconds come to what real ones meet in hours: snapshots, full windows, long catching up. */
function drawKnobs(random: RandomStream, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const drawnMs = random.pick([300, 500, 1000]);
  // What is drawn fits what is given: three heartbeats in a timeout. What is no number is refused with the plan.
  const leastMs = 3 * Number(given["heartbeatMs"] ?? 0);
  const electionTimeoutMs = Number(given["electionTimeoutMs"] ?? Math.max(drawnMs, leastMs));
  const mostly = (): boolean => random.fraction() < 0.8;
  return {
    electionTimeoutMs,
    heartbeatMs: Math.floor(electionTimeoutMs / random.pick([3, 5, 10])),
    preVote: mostly(),
    checkQuorum: mostly(),
    snapshotEntries: random.pick([20, 100, 500, 10_000]),
    trailingEntries: random.pick([0, 10, 100, 5000]),
    maxEntriesPerAppend: random.pick([1, 8, 256]),
    inflightWindow: random.pick([1, 2, 8, 32]),
    batchWindowMs: random.pick([0, 0, 2, 10]),
    walSegmentBytes: random.pick([4096, 65_536]),
    sessions: mostly(),
    // Small enough to be reached: by commands that wait for a majority, and by sessions that clients leave behind.
    maxUncommittedBytes: random.pick([60, 1000, 10_000, 64 * 1024 * 1024, 64 * 1024 * 1024, 64 * 1024 * 1024]),
    maxSessions: random.pick([10, 30, 10_000, 10_000]),
  };
}
