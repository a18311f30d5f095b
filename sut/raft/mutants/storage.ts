import { damagedDisks, powerLoss, smallSnapshots, swingVoter } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** What a node finds on its disk when it starts again (scenes 08 and 10). */
export const storageMutants = [
  {
    id: "M04",
    name: "compaction-resets-hardstate",
    breaks: "a new log segment starts without the current term and vote",
    scenes: ["02", "08"],
    section: "§3.8",
    anomalies: ["split-brain"],
    duties: { hardStateOfSegment: () => ({ term: 0, votedFor: null }) },
    enabling: {
      ...swingVoter,
      knobs: { ...swingVoter.knobs, ...smallSnapshots.knobs, walSegmentBytes: 4096 },
    },
    expected: { invariants: ["I9", "I10"], blackBox: true },
  },
  {
    id: "M29",
    name: "no-fsync",
    breaks: "the log is written but never synced",
    scenes: ["10"],
    section: "§3.8",
    anomalies: ["lost-write"],
    duties: { syncsBeforeDurable: () => false },
    enabling: powerLoss,
    expected: { invariants: ["I8", "I22"], blackBox: true },
  },
  {
    id: "M77",
    name: "torn-tail-accepted",
    breaks: "checksums of records are not verified",
    scenes: ["08", "10"],
    section: "§3.8",
    anomalies: ["lost-write", "divergence"],
    duties: { isIntact: () => true },
    enabling: damagedDisks,
    expected: { invariants: ["I3", "I22"], blackBox: true },
  },
  {
    id: "M77b",
    name: "mid-corruption-as-tail",
    breaks: "damage anywhere is treated as the torn end of the log",
    scenes: ["08", "10"],
    section: "§3.8",
    anomalies: ["lost-write"],
    duties: { damageAtEnd: () => null },
    enabling: damagedDisks,
    expected: { invariants: ["I22", "I9"], blackBox: true },
  },
] as const satisfies readonly Mutant[];
