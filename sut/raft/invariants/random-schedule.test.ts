import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { RaftBug } from "../core/invariant.ts";
import { isJoint, isVoter } from "../core/membership.ts";
import { majorityReached, majorityVote } from "../core/quorum.ts";
import type { Rules } from "../core/rules.ts";
import type { Entry, NodeId } from "../core/types.ts";
import { Schedule, type ScheduleOptions } from "./test-support/schedule.ts";
import { InvariantViolation } from "./violation.ts";

/**
 * After every step of every schedule the invariants must hold. A failure names its seed; a broken rule names the invariant
 * that finds it first, which says what the rule is for.
 */
const seeds = 200;

test.each<{ name: string } & Setting>([
  { name: "3 nodes", nodes: 3, config: {} },
  { name: "5 nodes", nodes: 5, config: {} },
  {
    name: "3 nodes without pre-vote, check quorum and no-op",
    nodes: 3,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  {
    name: "5 nodes with one entry a message",
    nodes: 5,
    config: { maxEntriesPerAppend: 1, noop: false, preVote: false },
  },
  { name: "3 voters of 5 nodes, changing", nodes: 5, voters: 3, config: {} },
  {
    name: "4 voters of 6 nodes, changing, without pre-vote, check quorum and no-op",
    nodes: 6,
    voters: 4,
    config: { preVote: false, checkQuorum: false, noop: false },
  },
  { name: "3 nodes with entries that trail a snapshot", nodes: 3, config: { trailingEntries: 3 } },
])("safety holds under random schedules: $name", (setting) => {
  const committed = { entries: 0, changes: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const entries = run(seed, setting, {});
    committed.entries += entries.length;
    committed.changes += entries.filter(({ kind }) => kind === "config").length;
  }
  expect(committed.entries / seeds, "entries committed in a schedule").toBeGreaterThan(10);
  if (setting.voters !== undefined) expect(committed.changes / seeds, "changes of members").toBeGreaterThan(1);
});

test.each<{ name: string; broken: Partial<Rules>; by: string; config?: Setting["config"] }>([
  { name: "candidateLogIsUpToDate", by: "I4", broken: { candidateLogIsUpToDate: () => true } },
  {
    name: "candidateLogIsUpToDate",
    by: "I4",
    broken: { candidateLogIsUpToDate: (candidate, own) => candidate.index >= own.index },
  },
  { name: "mayGrantVote", by: "I10", broken: { mayGrantVote: () => true } },
  { name: "voteWaitsForDisk", by: "I10", broken: { voteWaitsForDisk: () => false } },
  {
    name: "hardStateAfterRestart",
    by: "I10",
    broken: { hardStateAfterRestart: ({ term }) => ({ term, votedFor: null }) },
  },
  { name: "isStaleTerm", by: "the core itself", broken: { isStaleTerm: () => false } },
  { name: "electionResult", by: "I1", broken: { electionResult: () => "won" } },
  {
    name: "replicatedByQuorum",
    by: "I8",
    broken: { replicatedByQuorum: ({ incoming }, match) => Math.max(...incoming.map(match)) },
  },
  { name: "appendAckWaitsForDisk", by: "I13", broken: { appendAckWaitsForDisk: () => false } },
  { name: "heartbeatMatch", by: "I13", broken: { heartbeatMatch: (prev) => prev } },
  { name: "prevMatches", by: "the core itself", broken: { prevMatches: () => true } },
  {
    name: "firstMissing",
    by: "I13",
    broken: { firstMissing: (log, entries) => entries.find(({ index }) => index > log.lastIndex)?.index ?? null },
  },
  { name: "ownMatchIndex", by: "I8", broken: { ownMatchIndex: (_durable, last) => last } },
  {
    name: "matchAfterRejection",
    by: "I13",
    broken: { matchAfterRejection: (match, hint) => Math.max(match, hint.index) },
  },
  { name: "followerCommit", by: "the core itself", broken: { followerCommit: (leaderCommit) => leaderCommit } },
  { name: "applyUpTo", by: "I12", broken: { applyUpTo: (_commit, last) => last } },
  { name: "commitAfterRestart", by: "I6", broken: { commitAfterRestart: (last) => last } },
  { name: "readFloor", by: "I19", broken: { readFloor: (commitIndex) => commitIndex } },
  { name: "roundForRead", by: "I19", broken: { roundForRead: () => 0 } },
  { name: "confirmedRound", by: "I19", broken: { confirmedRound: () => Number.POSITIVE_INFINITY } },
  { name: "snapshotIndex", by: "I21", broken: { snapshotIndex: (applied) => Math.max(0, applied - 1) } },
  { name: "compactionIndex", by: "I12", broken: { compactionIndex: (snapshot) => snapshot + 1 } },
  { name: "needsSnapshot", by: "the core itself", broken: { needsSnapshot: (next, base) => next < base } },
  { name: "snapshotIsAhead", by: "I9", broken: { snapshotIsAhead: () => true } },
  {
    name: "keepsTail",
    by: "I6",
    // Followers hear of commits sooner, and so snapshot sooner what another still lacks.
    config: { heartbeatMs: 5 },
    broken: { keepsTail: (log, { index }) => index <= log.lastIndex },
  },
  { name: "readIsReady", by: "I19", broken: { readIsReady: () => true } },
])("the same schedules find a broken rule: $name, by $by", ({ broken, by, config }) => {
  expect(search({ nodes: 3, config: { ...eager, ...config } }, broken)).toBe(by);
});

test.each<{ name: string; broken: Partial<Rules>; by: string }>([
  { name: "snapshotMembership", by: "I15", broken: { snapshotMembership: (log) => log.membership } },
  { name: "noChangeUnderWay", by: "I16", broken: { noChangeUnderWay: () => true } },
  { name: "votersMayFollowAtOnce", by: "I7", broken: { votersMayFollowAtOnce: () => true } },
  { name: "leavesJoint", by: "I16", broken: { leavesJoint: isJoint } },
  {
    name: "countedForCommit",
    by: "I8",
    broken: { countedForCommit: (counted, leader) => ({ ...counted, incoming: [...counted.incoming, leader] }) },
  },
  {
    name: "countedForCommit",
    by: "I8",
    broken: { countedForCommit: (counted) => ({ ...counted, incoming: [...counted.incoming, ...counted.learners] }) },
  },
  {
    name: "replicatedByQuorum",
    by: "I8",
    broken: { replicatedByQuorum: ({ incoming }, match) => majorityReached(incoming, match) },
  },
  {
    name: "electionResult",
    by: "I1",
    broken: { electionResult: ({ incoming }, vote) => majorityVote(incoming, vote) },
  },
])("schedules that change members find a broken rule: $name, by $by", ({ broken, by }) => {
  expect(search({ nodes: 5, voters: 4, config: eager }, broken)).toBe(by);
});

test("after all faults somebody leads, and members are settled", () => {
  for (let seed = 1; seed <= seeds; seed++) recover(seed, {});
});

test.each<{ name: string; broken: Partial<Rules> }>([
  { name: "answersAsVoter", broken: { answersAsVoter: isVoter } },
  { name: "leavesJoint", broken: { leavesJoint: () => false } },
  { name: "mayCampaign", broken: { mayCampaign: (log, _commit, server) => isVoter(log.membership, server) } },
])("the same schedules find a broken rule by what does not recover: $name", ({ broken }) => {
  expect(() => {
    for (let seed = 1; seed <= 3000; seed++) recover(seed, broken);
  }).toThrow("nobody leads");
});

function recover(seed: number, broken: Partial<Rules>): void {
  withSeed(seed, (int) => {
    const schedule = new Schedule({ nodes: 4, voters: 2, config: {}, rules: broken, int });
    schedule.run();
    schedule.checkRecovery();
  });
}

/** Without Pre-Vote and CheckQuorum, which make the fatal elections rare. */
const eager = { preVote: false, checkQuorum: false };

function search(setting: Setting, broken: Partial<Rules>): string | null {
  return foundBy((seed) => run(seed, setting, broken));
}

/** The invariant that the first schedule breaks that breaks one; null when none does. */
function foundBy(run: (seed: number) => unknown): string | null {
  for (let seed = 1; seed <= 3000; seed++) {
    try {
      run(seed);
    } catch (error) {
      const { cause } = error as Error;
      if (cause instanceof InvariantViolation) return cause.invariant;
      if (cause instanceof RaftBug) return "the core itself";
      throw error;
    }
  }
  return null;
}

/** The election timeout is 100 ms. Reads are asked at every node. */
const leases = {
  nodes: 3,
  config: { leaseReads: true, checkQuorum: false, leaseDriftPercent: 10 },
  readModes: ["lease", "lease", "follower", "read-index"],
  transfers: true,
  leaseFaults: true,
} as const;

test.each<{ name: string } & Setting>([
  { name: "3 nodes", ...leases },
  { name: "5 nodes", ...leases, nodes: 5 },
  { name: "3 voters of 5 nodes, changing", ...leases, nodes: 5, voters: 3 },
  { name: "without pre-vote", ...leases, config: { ...leases.config, preVote: false } },
])("reads by lease and at followers are linearizable: $name", ({ name: _, ...setting }) => {
  const sums = { entries: 0, reads: 0, transfers: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { committed, reads, transfers } = runWithClocks(seed, setting);
    sums.entries += committed;
    sums.reads += reads;
    sums.transfers += transfers;
  }
  expect(sums.entries / seeds, "entries committed in a schedule").toBeGreaterThan(10);
  expect(sums.reads / seeds, "reads answered in a schedule").toBeGreaterThan(10);
  expect(sums.transfers / seeds, "transfers done in a schedule").toBeGreaterThan(0.2);
});

test.each<{
  name: string;
  broken?: Partial<Rules>;
  by: string;
  driftPercent?: number;
  clock?: Clock;
  setting?: Partial<Setting>;
}>([
  {
    name: "leaseBegins (M48)",
    by: "I18",
    broken: { leaseBegins: (_began, answeredAt) => answeredAt },
    driftPercent: 0,
  },
  { name: "leaseEnds (M47)", by: "I18", broken: { leaseEnds: (begins, timeoutMs) => begins + 2 * timeoutMs } },
  {
    name: "leaseEnds (M49)",
    by: "I18",
    broken: { leaseEnds: (begins, timeoutMs) => begins + timeoutMs },
    driftPercent: 200,
  },
  { name: "leaseClock (M50)", by: "I19", broken: { leaseClock: (_now, lastHeartbeatAt) => lastHeartbeatAt } },
  { name: "leaseIsValid (M46)", by: "I18", broken: { leaseIsValid: () => true } },
  {
    name: "leaseIsValid after TimeoutNow (M85)",
    by: "I18",
    broken: { leaseIsValid: (now, until) => now < until },
    setting: { transfers: true },
  },
  {
    name: "votesAreSticky (M52)",
    by: "I19",
    broken: { votesAreSticky: (checkQuorum) => checkQuorum },
    driftPercent: 0,
  },
  {
    name: "leaderContactAfterStart (M53)",
    by: "I19",
    broken: { leaderContactAfterStart: () => Number.NEGATIVE_INFINITY },
  },
  { name: "followerReadIndex (M45)", by: "I19", broken: { followerReadIndex: (_leaders, own) => own } },
  { name: "answersQuestion (M43)", by: "I19", broken: { answersQuestion: () => true } },
  { name: "clocks that differ by more than the bound", by: "I18", clock: (rate, now) => now * (1 + rate) },
  { name: "a clock that is set back", by: "I18", clock: (rate, now) => now - (now > 600 ? 300 * rate : 0) },
])("the same schedules find what breaks leases and follower reads: $name, by $by", (mistake) => {
  const { broken = {}, by, driftPercent = 10, setting, clock } = mistake;
  const config = { ...leases.config, preVote: false, leaseDriftPercent: driftPercent };
  const schedules = { ...leases, config, transfers: false, ...setting };
  expect(foundBy((seed) => runWithClocks(seed, schedules, broken, clock))).toBe(by);
});

type Setting = Omit<ScheduleOptions, "int" | "rules" | "clock">;

function run(seed: number, setting: Setting, broken: Partial<Rules>): readonly Entry[] {
  return withSeed(seed, (int) => new Schedule({ ...setting, rules: broken, int }).run());
}

/** What a clock shows, by its node's rate: 0 slow, 1 fast. */
type Clock = (rate: 0 | 1, now: number) => number;

/** Each node's clock is slow, or as much faster as the knob allows, by the seed. */
function runWithClocks(
  seed: number,
  setting: Setting,
  broken: Partial<Rules> = {},
  clock: Clock = (rate, now) => now * (1 + (rate * (setting.config?.leaseDriftPercent ?? 0)) / 100),
): { committed: number; reads: number; transfers: number } {
  const clockOf = (id: NodeId, now: number) => clock(((seed >> Number(id.slice(1))) & 1) as 0 | 1, now);
  return withSeed(seed, (int) => {
    const schedule = new Schedule({ ...setting, rules: broken, clock: clockOf, int });
    const committed = schedule.run().length;
    return { committed, reads: schedule.reads, transfers: schedule.transfers };
  });
}

function withSeed<T>(seed: number, run: (int: ScheduleOptions["int"]) => T): T {
  const generator = xoroshiro128plus(seed);
  try {
    return run((from, to) => uniformInt(generator, from, to));
  } catch (cause) {
    throw new Error(`seed ${seed}: ${(cause as Error).message}`, { cause });
  }
}
