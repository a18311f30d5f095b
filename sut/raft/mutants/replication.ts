import { availability, longTails, manyElections, powerLoss } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** What followers take over, and what a leader concludes from their answers (scenes 04 and 10). */
export const replicationMutants = [
  {
    id: "M20",
    name: "no-prev-check",
    breaks: "a follower appends without looking at the entry before",
    scenes: ["04"],
    section: "§3.5",
    anomalies: ["divergence", "lost-write"],
    rules: { prevMatches: () => true },
    enabling: { ...manyElections, workload: "append" },
    expected: { invariants: ["I3", "I5"], blackBox: true },
  },
  {
    id: "M21",
    name: "keep-conflict",
    breaks: "a follower keeps its own entries where others should replace them, and says that it has those",
    scenes: ["04"],
    section: "§3.5",
    anomalies: ["lost-write", "divergence"],
    rules: {
      firstMissing: (log, entries) => entries.find(({ index }) => index > log.lastIndex)?.index ?? null,
    },
    enabling: manyElections,
    expected: { invariants: ["I3", "I13"], blackBox: true },
  },
  {
    id: "M28",
    name: "follower-acks-unsynced",
    breaks: "a follower confirms entries while it is still writing them",
    scenes: ["04", "10"],
    section: "§3.8",
    anomalies: ["lost-write"],
    rules: { appendAckWaitsForDisk: () => false },
    enabling: powerLoss,
    expected: { invariants: ["I8", "I22"], blackBox: true },
  },
  {
    id: "M28b",
    name: "heartbeat-acks-unsynced",
    breaks: "a follower's answer to a heartbeat vouches for entries that it is still writing",
    scenes: ["04", "10"],
    section: "§3.8",
    anomalies: ["lost-write"],
    rules: { heartbeatMatch: (prevIndex) => prevIndex },
    enabling: { ...powerLoss, world: { disk: { losesUnsynced: true, syncMs: [20, 200] } } },
    expected: { invariants: ["I8", "I22"], blackBox: true },
  },
  {
    id: "M30",
    name: "match-from-nack",
    breaks: "a leader takes the hint in a refusal for a match",
    scenes: ["04"],
    section: "§3.5",
    anomalies: ["lost-write"],
    rules: { matchAfterRejection: (matchIndex, hint) => Math.max(matchIndex, hint.index) },
    enabling: { ...manyElections, workload: "set" },
    expected: { invariants: ["I13", "I14"], blackBox: true },
  },
  {
    id: "M35",
    name: "window-leak",
    breaks: "a slot of the window is freed only by an answer to exactly that message",
    scenes: ["10"],
    section: "§10.2.2",
    anomalies: ["unavailable"],
    rules: { stillInFlight: (inFlight, matchIndex) => inFlight.filter((lastIndex) => lastIndex !== matchIndex) },
    enabling: { ...availability, nodes: 3, nemesis: ["partition:one-way", "kill:one"], timeLimitMs: 30_000 },
    // From outside a follower is only slow: a heartbeat that is confirmed frees the last slot, so one message is always under way.
    expected: { invariants: ["I12"], blackBox: false },
  },
  {
    id: "M37",
    name: "backoff-by-one",
    breaks: "a leader looks for where logs agree one entry at a time",
    scenes: ["04"],
    section: "§3.5",
    anomalies: ["slow", "unavailable"],
    rules: { nextProbe: (_log, rejectedPrev) => Math.max(1, rejectedPrev) },
    enabling: { ...longTails, nemesis: ["partition:one", "kill:leader"] },
    expected: { invariants: ["I25"], blackBox: false },
  },
  {
    id: "M37b",
    name: "hint-by-one",
    breaks: "a follower's hint skips none of its own terms",
    scenes: ["04"],
    section: "§3.5",
    anomalies: ["slow"],
    rules: {
      conflictHint: (log, prev) => {
        const index = Math.max(log.base.index, Math.min(prev.index - 1, log.lastIndex));
        return { index, term: log.termAt(index) };
      },
    },
    enabling: longTails,
    expected: { invariants: ["I25"], blackBox: false },
  },
] as const satisfies readonly Mutant[];
