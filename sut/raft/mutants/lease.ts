import { leases, manyClients, stalling } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** Over soon, so that a run has many elections in it. */
const shortLeases = { electionTimeoutMs: 240, heartbeatMs: 80, checkQuorum: false } as const;

const leasesOfMany = { ...manyClients, readMode: "lease", world: leases.world } as const;

/** Reads that a leader answers alone while its lease runs (scene 09). */
export const leaseMutants = [
  {
    id: "M46",
    name: "lease-by-role",
    breaks: "a node that believes it leads always holds a lease",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseIsValid: () => true },
    enabling: leases,
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M46b",
    name: "lease-kept-in-transfer",
    breaks: "a leader keeps its lease after it has asked another server to campaign",
    scenes: ["09", "10"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseIsValid: (now, leaseUntil) => now < leaseUntil },
    // The old leader hears of the new term late, and the third server at once.
    enabling: { ...leasesOfMany, nemesis: ["transfer"], world: stalling(0.2, [100, 200]) },
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M47",
    name: "lease-checkquorum-window",
    breaks: "a lease lasts two election timeouts, as long as CheckQuorum tolerates a silent majority",
    scenes: ["09", "03a"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseEnds: (begins, electionTimeoutMs) => begins + 2 * electionTimeoutMs },
    enabling: { ...leasesOfMany, timeLimitMs: 30_000 },
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M48",
    name: "lease-from-response",
    breaks: "a lease starts when the answers arrive, not when the round was sent",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseBegins: (_roundBeganAt, answeredAt) => answeredAt },
    // Answers from before a pause come behind it, and news of the next leader later still.
    enabling: {
      ...leasesOfMany,
      nemesis: ["pause:leader"],
      concurrency: 300,
      rate: 300,
      timeLimitMs: 60_000,
      world: stalling(0.1, [100, 1500]),
    },
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M49",
    name: "lease-wall-clock",
    breaks: "leases use the wall clock instead of the monotonic clock",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    duties: { eventTimeMs: (_clock, timeOfDayMs) => timeOfDayMs() },
    enabling: { ...leases, world: { ...leases.world, clocks: { offsetMs: 10_000 } } },
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M49b",
    name: "lease-without-drift",
    breaks: "a lease lasts a full election timeout, as if all clocks ran at the same speed",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseEnds: (begins, electionTimeoutMs) => begins + electionTimeoutMs },
    // Servers whose clocks are fast win elections: only who is handed the leadership leads by a slow one.
    enabling: {
      ...leasesOfMany,
      nemesis: ["transfer", "partition:leader"],
      knobs: { ...leasesOfMany.knobs, heartbeatMs: 60, leaseDriftPercent: 200 },
      world: { ...leases.world, clocks: { driftPercent: 200 } },
    },
    expected: { invariants: ["I18"], blackBox: true },
  },
  {
    id: "M50",
    name: "lease-by-ticks",
    breaks: "a lease is compared with the time of the last heartbeat, which does not advance in a paused process",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaseClock: (_now, lastHeartbeatAt) => lastHeartbeatAt },
    enabling: { ...leasesOfMany, nemesis: ["suspend:leader"], concurrency: 120, timeLimitMs: 30_000 },
    expected: { invariants: ["I18", "I19"], blackBox: true },
  },
  {
    id: "M52",
    name: "lease-no-vote-hold",
    breaks: "servers vote while a lease that they granted may still be valid",
    scenes: ["09", "03a"],
    section: "§4.2.3",
    anomalies: ["stale-read"],
    rules: { votesAreSticky: () => false },
    enabling: {
      ...leases,
      nodes: 5,
      nemesis: ["partition:bridge", "partition:ring"],
      knobs: { ...shortLeases, preVote: false },
      // Who hears no leader is behind with the first write, and gets no vote for that.
      rate: 4,
    },
    expected: { invariants: ["I18"], blackBox: false },
    missed:
      "a candidate wins only after a pause in which no client writes, and the lease ends before a client writes and " +
      "another reads",
  },
  {
    id: "M53",
    name: "lease-restart-amnesia",
    breaks: "a server votes right after a restart, although it may have granted a lease just before",
    scenes: ["09"],
    section: "§6.4.1",
    anomalies: ["stale-read"],
    rules: { leaderContactAfterStart: () => Number.NEGATIVE_INFINITY },
    enabling: {
      ...leases,
      // The one that is cut off from the leader campaigns, and the third forgets again and again that it hears the leader.
      nemesis: ["partition:edge+kill:restart"],
      // Heartbeats far apart, so that a campaign may come first; and seldom a write, which the one that is cut off lacks.
      knobs: { electionTimeoutMs: 2000, heartbeatMs: 660, checkQuorum: false, preVote: false },
      rate: 0.3,
      timeLimitMs: 600_000,
    },
    expected: { invariants: ["I18"], blackBox: false },
    missed: "as M52: a candidate wins only where clients rarely write, and then no client reads before the lease ends",
  },
] as const satisfies readonly Mutant[];
