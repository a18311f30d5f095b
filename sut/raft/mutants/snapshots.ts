import type { Enabling } from "../../mutant.ts";
import { smallSnapshots } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/**
 * The first entry is in a snapshot before every server has heard of it. Of a later one that is gone the term is unknown: no
 * follower takes what comes behind it, and all is well. What is sent in vain then must not be more and more.
 */
const firstEntryGone = {
  nodes: 5,
  workload: "availability",
  nemesis: ["none"],
  rate: 3,
  timeLimitMs: 6000,
  knobs: { snapshotEntries: 1, trailingEntries: 0, inflightWindow: 1 },
  world: { network: { lose: 0.15, slow: 0 }, disk: { syncMs: [0.1, 0.3], slow: 0 } },
} as const satisfies Enabling;

/** Snapshots, and what stays of the log (scene 08). */
export const snapshotMutants = [
  {
    id: "M70",
    name: "install-keeps-conflict",
    breaks: "a follower keeps the rest of its log after a snapshot that conflicts with it",
    scenes: ["08"],
    section: "§5.3",
    anomalies: ["unavailable", "growth"],
    rules: { keepsTail: (log, { index }) => index >= log.base.index && index <= log.lastIndex },
    enabling: {
      ...smallSnapshots,
      // Enough clients to leave a leader that is cut off with entries beyond the next snapshot of the others.
      workload: "availability",
      concurrency: 200,
      rate: 120,
      timeLimitMs: 50_000,
      nemesis: ["partition:leader"],
      knobs: { snapshotEntries: 100, trailingEntries: 0, checkQuorum: false },
    },
    expected: { invariants: ["I6", "I3", "I23"], blackBox: false },
    missed:
      "the next snapshot ends behind the log that was kept, and replaces it; until then a majority goes on without",
  },
  {
    id: "M72",
    name: "snapshot-label-early",
    breaks: "a snapshot is labelled with the index before its last entry",
    scenes: ["08"],
    section: "§5.1",
    anomalies: ["double-apply"],
    rules: { snapshotIndex: (lastApplied) => Math.max(0, lastApplied - 1) },
    enabling: { ...smallSnapshots, knobs: { ...smallSnapshots.knobs, sessions: false } },
    expected: { invariants: ["I21", "I20"], blackBox: true },
  },
  {
    id: "M72b",
    name: "snapshot-label-late",
    breaks: "a snapshot is labelled with the commit index, although not everything up to there is applied",
    scenes: ["08"],
    section: "§5.1",
    anomalies: ["lost-write"],
    rules: { snapshotIndex: (_lastApplied, commitIndex) => commitIndex },
    enabling: smallSnapshots,
    expected: { invariants: ["I21"], blackBox: true },
  },
  {
    id: "M74",
    name: "snapshot-not-atomic",
    breaks: "a snapshot replaces the log before the snapshot is durable",
    scenes: ["08"],
    section: "§5.1.3",
    anomalies: ["lost-write"],
    duties: { syncsSnapshotFirst: () => false },
    enabling: { ...smallSnapshots, nemesis: ["kill:one", "kill:all"], world: { disk: { losesUnsynced: true } } },
    expected: { invariants: ["I21", "I22"], blackBox: true },
  },
  {
    id: "M74b",
    name: "compaction-past-snapshot",
    breaks: "the log is cut one entry after the end of the snapshot",
    scenes: ["08"],
    section: "§5.1.2",
    anomalies: ["unavailable"],
    rules: { compactionIndex: (snapshot) => snapshot + 1 },
    enabling: smallSnapshots,
    expected: { invariants: ["I12", "I22"], blackBox: true },
  },
  {
    id: "M75",
    name: "boundary-term-lost",
    breaks: "the term of a snapshot's last entry is lost",
    scenes: ["08"],
    section: "§5.1",
    anomalies: ["divergence", "unavailable"],
    rules: { prevTerm: (log, prevIndex) => (prevIndex === log.base.index ? 0 : log.termAt(prevIndex)) },
    enabling: {
      ...smallSnapshots,
      workload: "availability",
      nemesis: ["partition:leader", "kill:one", "kill:leader"],
      maxRecoveryMs: 5000,
      timeLimitMs: 40_000,
    },
    expected: { invariants: ["I3", "I23"], blackBox: true },
  },
  {
    id: "M75b",
    name: "snapshot-needed-late",
    breaks: "a follower that needs the last compacted entry gets later entries instead of a snapshot",
    scenes: ["08"],
    section: "§5.3",
    anomalies: ["unavailable"],
    rules: { needsSnapshot: (nextIndex, base) => nextIndex < base },
    enabling: firstEntryGone,
    expected: { invariants: ["I13", "I23"], blackBox: true },
  },
  {
    id: "M79",
    name: "no-compaction",
    breaks: "the log in memory is never compacted",
    scenes: ["08"],
    section: "§5.1.2",
    anomalies: ["growth"],
    rules: { compactionIndex: () => 0 },
    enabling: { ...smallSnapshots, nemesis: ["none"], timeLimitMs: 5000 },
    expected: { invariants: ["I12"], blackBox: false },
    missed: "what a node keeps in memory is seen by nobody outside, until the machine has no more",
  },
  {
    id: "M79b",
    name: "uncommitted-unbounded",
    breaks: "a leader without a majority accepts commands until its memory is full",
    scenes: ["08"],
    section: "§10.2",
    anomalies: ["growth"],
    rules: { hasRoomFor: () => true },
    enabling: {
      ...smallSnapshots,
      nemesis: ["partition:leader"],
      knobs: { checkQuorum: false, maxUncommittedBytes: 100 },
      timeLimitMs: 12_000,
    },
    expected: { invariants: ["I12"], blackBox: false },
    missed: "as M79: memory is seen by nobody outside",
  },
] as const satisfies readonly Mutant[];
