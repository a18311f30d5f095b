import type { Enabling } from "../../mutant.ts";
import type { World } from "../../simulatable.ts";

/**
 * Configurations that make bugs likely, and that a correct store passes. Several mutants share each: what they leave out
 * masks them.
 */

/** A network that only delays: each message arrives once, behind those before it. */
const inOrder = { lose: 0, duplicate: 0, reorder: 0, resetsPerMinute: 0 } as const;

/** A leader is cut off again and again, does not notice, and its clients go on asking it. */
export const isolatedLeader = {
  nodes: 3,
  workload: "register",
  nemesis: ["partition:leader"],
  knobs: { checkQuorum: false },
} as const satisfies Enabling;

/** So short that servers often campaign at the same time, and messages arrive in another term than they were sent in. */
const shortTimeouts = { electionTimeoutMs: 150, heartbeatMs: 50, preVote: false, checkQuorum: false } as const;

/** Elections in quick succession, by servers whose logs differ: nothing asks before it campaigns, nobody withholds votes. */
export const manyElections = {
  nodes: 3,
  workload: "register",
  nemesis: ["partition:leader", "partition:one", "kill:leader"],
  knobs: shortTimeouts,
  world: { network: { delayMs: [0, 30], slow: 0.05, slowMs: [50, 300], reorder: 0.3 } },
} as const satisfies Enabling;

/** The network repeats, delays and reorders: what one ordered connection a pair of servers hides. */
export const unreliableNetwork = {
  ...manyElections,
  world: { network: { delayMs: [0, 30], slow: 0.15, slowMs: [100, 800], reorder: 0.8, duplicate: 0.2 } },
} as const satisfies Enabling;

/** Crashes that take along what the disk was not told to keep, and restarts within an election timeout. */
export const powerLoss = {
  nodes: 3,
  workload: "set",
  nemesis: ["kill:one", "kill:leader", "kill:all"],
  knobs: shortTimeouts,
  world: { disk: { losesUnsynced: true, syncMs: [1, 50] } },
} as const satisfies Enabling;

/**
 * Two servers that do not reach each other need the vote of the third, which starts again and again: both may be given it in
 * one term. Hardly a write and no no-op, so that the logs of both are good enough. Connections break often: over one to a
 * process that is gone the first request for a vote would be lost.
 */
export const swingVoter = {
  nodes: 3,
  workload: "register",
  nemesis: ["partition:bridge+kill:restart"],
  knobs: { electionTimeoutMs: 400, heartbeatMs: 100, preVote: false, checkQuorum: false, noop: false },
  rate: 2,
  timeLimitMs: 300_000,
  world: {
    network: { ...inOrder, delayMs: [0, 20], slow: 0, resetsPerMinute: 400 },
    disk: { losesUnsynced: true, syncMs: [0.5, 5] },
  },
} as const satisfies Enabling;

/** Bits flip on the disk of one server after another, more often than leaders change for other reasons. */
export const damagedDisks = {
  nodes: 3,
  workload: "set",
  nemesis: ["disk:flip"],
  knobs: { ...shortTimeouts, electionTimeoutMs: 100, heartbeatMs: 30 },
  world: { disk: { losesUnsynced: true } },
  timeLimitMs: 60_000,
} as const satisfies Enabling;

/** Five servers, one entry a message and no no-op: old entries spread on their own (Figure 8). */
export const figureEight = {
  nodes: 5,
  workload: "register",
  nemesis: ["partition:leader", "partition:one", "kill:leader"],
  knobs: { ...shortTimeouts, noop: false, maxEntriesPerAppend: 1 },
  world: { network: { delayMs: [0, 30], slow: 0.1, slowMs: [50, 400], reorder: 0.3 } },
} as const satisfies Enabling;

/** Who leads must be found again soon, whatever is cut. */
export const availability = {
  nodes: 5,
  workload: "availability",
  nemesis: ["partition:one", "partition:bridge", "partition:one-way", "kill:leader"],
  maxRecoveryMs: 5000,
} as const satisfies Enabling;

/** Leases that nearly fill a long election timeout, and few heartbeats. */
export const leases = {
  nodes: 3,
  workload: "register",
  nemesis: ["partition:leader"],
  readMode: "lease",
  knobs: { electionTimeoutMs: 1000, heartbeatMs: 300, checkQuorum: false },
  world: { network: { delayMs: [0.1, 2] } },
} as const satisfies Enabling;

/** Terms that follow each other within a few messages' time, so that answers come late by a whole term. */
export const overtakenTerms = {
  ...unreliableNetwork,
  knobs: { ...shortTimeouts, electionTimeoutMs: 60, heartbeatMs: 20 },
  world: { network: { delayMs: [0, 60], slow: 0.2, slowMs: [60, 200], reorder: 1 } },
} as const satisfies Enabling;

/**
 * Many clients, so that some are always free to ask a deposed leader, and others to write elsewhere: of a few all wait for
 * answers within a moment. Each message takes as long as it takes, in order.
 */
export const manyClients = {
  nodes: 3,
  workload: "register",
  nemesis: ["partition:leader"],
  knobs: { electionTimeoutMs: 300, heartbeatMs: 100, checkQuorum: false },
  concurrency: 60,
  rate: 200,
  timeLimitMs: 50_000,
} as const satisfies Enabling;

/** Leader after leader is cut off with many entries of its own, so that logs differ in many entries, of several terms. */
export const longTails = {
  ...manyElections,
  nemesis: ["partition:rotating"],
  knobs: { ...manyElections.knobs, noop: false },
  concurrency: 60,
  rate: 300,
  timeLimitMs: 30_000,
} as const satisfies Enabling;

/** Now and then a message holds up those behind it on its way, as one does that has to be sent again. */
export function stalling(slow: number, slowMs: readonly [number, number]) {
  return { network: { ...inOrder, delayMs: [0.1, 2], slow, slowMs } } as const satisfies World;
}

/** Members come and go while the network is cut in halves. */
export const changingMembers = {
  nodes: 5,
  workload: "set",
  nemesis: ["membership", "partition:halves", "partition:leader", "kill:leader"],
  knobs: { electionTimeoutMs: 150, heartbeatMs: 50 },
} as const satisfies Enabling;

/**
 * Members come and go, terms follow each other fast, and many clients ask everybody: where two majorities go their own ways,
 * somebody sees both.
 */
export const twoMajorities = {
  nodes: 5,
  workload: "availability",
  nemesis: ["membership:joint", "partition:leader-minority"],
  knobs: shortTimeouts,
  concurrency: 60,
  rate: 100,
  timeLimitMs: 60_000,
} as const satisfies Enabling;

/** Messages of very different speeds: a change reaches some long before others. */
export const unevenNetwork = {
  network: { ...inOrder, delayMs: [0, 30], slow: 0.1, slowMs: [50, 300] },
} as const satisfies World;

/** A snapshot every few entries, and followers that miss more than that. */
export const smallSnapshots = {
  nodes: 3,
  workload: "append",
  nemesis: ["partition:one", "kill:one"],
  knobs: { snapshotEntries: 20, trailingEntries: 0 },
} as const satisfies Enabling;

/** Snapshots that take long to read, and followers that are sent one while they restore another. */
export const slowRestores = {
  nodes: 3,
  workload: "append",
  nemesis: ["partition:one", "partition:rotating"],
  rate: 200,
  knobs: { electionTimeoutMs: 300, heartbeatMs: 60, snapshotEntries: 5, trailingEntries: 0 },
  world: { network: { delayMs: [0, 2] }, disk: { readMs: [20, 300], syncMs: [0.1, 0.3], slow: 0 } },
} as const satisfies Enabling;

/** Leadership is handed over every few seconds, on a cluster that is otherwise healthy: that must succeed. */
export const transfers = {
  nodes: 3,
  workload: "availability",
  nemesis: ["transfer"],
  minChangesMadeShare: 1,
  world: { network: { delayMs: [1, 20], slow: 0, lose: 0, resetsPerMinute: 0 } },
} as const satisfies Enabling;
