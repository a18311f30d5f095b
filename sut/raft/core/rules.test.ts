import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { votersOnly } from "./membership.ts";
import { rules } from "./rules.ts";
import { logOf, logWith } from "./test-cluster.ts";
import { ruleComments } from "./test-rule-comments.ts";
import { readModes } from "./types.ts";

const three = votersOnly(["S1", "S2", "S3"]);
const joint = { ...three, outgoing: ["S3", "S4", "S5"] };
const yesFrom =
  (...voters: string[]) =>
  (voter: string) =>
    voters.includes(voter) ? true : undefined;

/** One test a rule, named like it. */
const sections: Record<keyof typeof rules, { section: string; check: () => void }> = {
  isNewerTerm: {
    section: "§3.3",
    check: () => expect([2, 3, 4].map((term) => rules.isNewerTerm(term, 3, "follower"))).toEqual([false, false, true]),
  },
  isStaleTerm: {
    section: "§3.3",
    check: () => expect([2, 3, 4].map((term) => rules.isStaleTerm(term, 3))).toEqual([true, false, false]),
  },
  answersStaleRequests: { section: "§3.3", check: () => expect(rules.answersStaleRequests()).toBe(true) },
  mayGrantVote: {
    section: "§3.4",
    check: () =>
      expect([null, "S1", "S2"].map((voted) => rules.mayGrantVote(voted, "S1"))).toEqual([true, true, false]),
  },
  candidateLogIsUpToDate: {
    section: "§3.6.1",
    check: () => {
      const own = { index: 5, term: 3 };
      const longerButOlder = { index: 9, term: 2 };
      const shorterButNewer = { index: 1, term: 4 };
      const candidates = [longerButOlder, shorterButNewer, { index: 4, term: 3 }, own, { index: 6, term: 3 }];
      const verdicts = candidates.map((candidate) => rules.candidateLogIsUpToDate(candidate, own));
      expect(verdicts).toEqual([false, true, false, true, true]);
    },
  },
  countsVote: {
    section: "§3.4",
    check: () => expect([2, 3, 4].map((term) => rules.countsVote(term, 3))).toEqual([false, true, false]),
  },
  electionResult: {
    section: "§3.4",
    check: () => {
      expect(rules.electionResult(three, yesFrom("S1"))).toBe("pending");
      expect(rules.electionResult(three, yesFrom("S1", "S2"))).toBe("won");
      expect(rules.electionResult(joint, yesFrom("S1", "S2", "S3"))).toBe("pending");
      expect(rules.electionResult(joint, yesFrom("S1", "S3", "S4"))).toBe("won");
      expect(rules.electionResult(three, () => false)).toBe("lost");
    },
  },
  hasLiveLeader: {
    section: "§4.2.3",
    check: () => {
      expect(rules.hasLiveLeader("follower", 99, 100)).toBe(true);
      expect(rules.hasLiveLeader("follower", 100, 100)).toBe(false);
      expect(rules.hasLiveLeader("leader", Number.POSITIVE_INFINITY, 100)).toBe(true);
    },
  },
  restartsElectionTimer: {
    section: "§3.4",
    check: () => {
      const causes = ["leader-heard", "vote-given", "vote-refused", "stale-leader"] as const;
      expect(causes.map(rules.restartsElectionTimer)).toEqual([true, true, false, false]);
    },
  },
  asksBeforeCampaign: {
    section: "§9.6",
    check: () => expect([false, true].map(rules.asksBeforeCampaign)).toEqual([false, true]),
  },
  electionTimeout: {
    section: "§3.4",
    check: () => expect([0, 0.5].map((random) => rules.electionTimeout(100, random))).toEqual([100, 150]),
  },
  hasQuorumContact: {
    section: "§6.2",
    check: () => {
      expect(rules.hasQuorumContact(three, (voter) => voter === "S1")).toBe(false);
      expect(rules.hasQuorumContact(three, (voter) => voter !== "S3")).toBe(true);
    },
  },
  hardStateAfterRestart: {
    section: "§3.8",
    check: () => expect(rules.hardStateAfterRestart({ term: 4, votedFor: "S2" })).toEqual({ term: 4, votedFor: "S2" }),
  },
  voteWaitsForDisk: { section: "§3.8", check: () => expect(rules.voteWaitsForDisk()).toBe(true) },
  prevMatches: {
    section: "§3.5",
    check: () => {
      const log = logWith(logOf([1, 1, 2]));
      const positions = [
        { index: 0, term: 0 },
        { index: 3, term: 2 },
        { index: 3, term: 1 },
        { index: 4, term: 2 },
      ];
      expect(positions.map((prev) => rules.prevMatches(log, prev))).toEqual([true, true, false, false]);
    },
  },
  firstMissing: {
    section: "§3.5",
    check: () => {
      const log = logWith(logOf([1, 1, 2]));
      expect(rules.firstMissing(log, logOf([1, 1]))).toBeNull();
      expect(rules.firstMissing(log, logOf([1, 1, 3]))).toBe(3);
      expect(rules.firstMissing(log, logOf([1, 1, 2, 2]))).toBe(4);
    },
  },
  appendAckWaitsForDisk: { section: "§3.8", check: () => expect(rules.appendAckWaitsForDisk()).toBe(true) },
  heartbeatMatch: {
    section: "§10.2.1",
    check: () => expect([rules.heartbeatMatch(9, 5), rules.heartbeatMatch(4, 5)]).toEqual([5, 4]),
  },
  conflictHint: {
    section: "§3.5",
    check: () => {
      const log = logWith(logOf([1, 1, 2, 2, 2, 5]));
      expect(rules.conflictHint(log, { index: 9, term: 6 })).toEqual({ index: 6, term: 5 });
      expect(rules.conflictHint(log, { index: 5, term: 1 })).toEqual({ index: 2, term: 1 });
    },
  },
  nextProbe: {
    section: "§3.5",
    check: () => {
      const log = logWith(logOf([1, 1, 3, 3, 3, 4]));
      expect(rules.nextProbe(log, 5, { index: 5, term: 2 })).toBe(3);
      expect(rules.nextProbe(log, 5, { index: 0, term: 0 })).toBe(1);
    },
  },
  refusalConcernsTerm: {
    section: "§6.4",
    check: () => expect([2, 3].map((refused) => rules.refusalConcernsTerm(refused, 3))).toEqual([false, true]),
  },
  matchAfterRejection: {
    section: "§3.5",
    check: () => expect(rules.matchAfterRejection(2, { index: 8, term: 4 })).toBe(2),
  },
  stillInFlight: { section: "§10.2.2", check: () => expect(rules.stillInFlight([3, 6, 9], 6)).toEqual([9]) },
  replicatedByQuorum: {
    section: "§3.5",
    check: () => {
      const match: Record<string, number> = { S1: 9, S2: 7, S3: 4, S4: 2, S5: 1 };
      expect(rules.replicatedByQuorum(three, (voter) => match[voter] ?? 0)).toBe(7);
      expect(rules.replicatedByQuorum(joint, (voter) => match[voter] ?? 0)).toBe(2);
    },
  },
  mayCommitByCounting: {
    section: "§3.6.2",
    check: () => expect([rules.mayCommitByCounting(2, 4), rules.mayCommitByCounting(4, 4)]).toEqual([false, true]),
  },
  ownMatchIndex: { section: "§10.2.1", check: () => expect(rules.ownMatchIndex(5, 9)).toBe(5) },
  followerCommit: {
    section: "Figure 3.1",
    check: () => expect([rules.followerCommit(9, 5), rules.followerCommit(3, 5)]).toEqual([5, 3]),
  },
  applyUpTo: { section: "§3.5", check: () => expect(rules.applyUpTo(3, 9)).toBe(3) },
  commitAfterRestart: { section: "§3.8", check: () => expect(rules.commitAfterRestart(9)).toBe(0) },
  mayAppend: {
    section: "§3.5",
    check: () => {
      const roles = ["follower", "pre-candidate", "candidate", "leader"] as const;
      expect(roles.map((role) => rules.mayAppend(role, null))).toEqual([false, false, false, true]);
    },
  },
  losesRequest: {
    section: "§6.3",
    check: () => {
      const causes = ["step-down", "entry-replaced", "other-term"] as const;
      expect(causes.map(rules.losesRequest)).toEqual([true, true, true]);
    },
  },
  outcomeOfAbandoned: { section: "§6.3", check: () => expect(rules.outcomeOfAbandoned()).toBe("outcome-unknown") },
  readPath: { section: "§6.4", check: () => expect(readModes.map(rules.readPath)).toEqual(readModes) },
  readFloor: {
    section: "§6.4",
    check: () => expect([rules.readFloor(4, 6), rules.readFloor(8, 6)]).toEqual([6, 8]),
  },
  roundForRead: { section: "§6.4", check: () => expect(rules.roundForRead(7)).toBe(8) },
  confirmedRound: {
    section: "§6.4",
    check: () => {
      const answered: Record<string, number> = { S1: 5, S2: 3, S3: 2 };
      expect(rules.confirmedRound(three, (voter) => answered[voter] ?? 0)).toBe(3);
    },
  },
  snapshotIndex: { section: "§5.1", check: () => expect(rules.snapshotIndex(5, 9)).toBe(5) },
  snapshotMembership: {
    section: "§5.1",
    check: () => {
      const bytes = 0;
      const log = logWith([...logOf([1]), { index: 2, term: 1, kind: "config", bytes, membership: joint }], ["S1"]);
      expect([1, 2].map((index) => rules.snapshotMembership(log, index))).toEqual([votersOnly(["S1"]), joint]);
    },
  },
  compactionIndex: {
    section: "§5.1.2",
    check: () => {
      expect(rules.compactionIndex(50, 10, [])).toBe(40);
      expect(rules.compactionIndex(5, 10, [])).toBe(0);
      expect(rules.compactionIndex(50, 10, [30, 45])).toBe(30);
    },
  },
  needsSnapshot: {
    section: "§5.3",
    check: () => expect([4, 5, 6].map((next) => rules.needsSnapshot(next, 5))).toEqual([true, true, false]),
  },
  prevTerm: {
    section: "§5.1",
    check: () => {
      const log = logWith(logOf([1, 1, 2]));
      log.compactTo(2);
      expect([2, 3].map((index) => rules.prevTerm(log, index))).toEqual([1, 2]);
    },
  },
  snapshotIsAhead: {
    section: "§5.3",
    check: () => expect([4, 5, 6].map((index) => rules.snapshotIsAhead(index, 5))).toEqual([false, false, true]),
  },
  keepsTail: {
    section: "§5.3",
    check: () => {
      const log = logWith(logOf([1, 1, 2, 2]));
      const ends = [
        { index: 3, term: 2 },
        { index: 3, term: 1 },
        { index: 4, term: 2 },
        { index: 5, term: 2 },
      ];
      expect(ends.map((end) => rules.keepsTail(log, end))).toEqual([true, false, true, false]);
    },
  },
  hasRoomFor: {
    section: "§10.2",
    check: () => {
      expect([rules.hasRoomFor(4, 6, 10), rules.hasRoomFor(5, 6, 10)]).toEqual([true, false]);
      expect(rules.hasRoomFor(11, 0, 10)).toBe(true);
    },
  },
  readIsReady: {
    section: "§6.4",
    check: () => expect([rules.readIsReady(4, 5), rules.readIsReady(5, 5)]).toEqual([false, true]),
  },
  hasCommittedInTerm: {
    section: "§4.1",
    check: () => expect([rules.hasCommittedInTerm(2, 3), rules.hasCommittedInTerm(3, 3)]).toEqual([false, true]),
  },
  noChangeUnderWay: {
    section: "§4.1",
    check: () => {
      expect([rules.noChangeUnderWay(6, three, 5), rules.noChangeUnderWay(5, three, 5)]).toEqual([false, true]);
      expect(rules.noChangeUnderWay(5, joint, 5)).toBe(false);
    },
  },
  votersMayFollowAtOnce: {
    section: "§4.1",
    check: () => {
      const after = [["S1", "S2"], ["S1", "S2", "S3", "S4"], ["S3", "S2", "S1"], ["S1", "S2", "S4"], ["S1"]];
      const verdicts = after.map((voters) => rules.votersMayFollowAtOnce(three.incoming, voters));
      expect(verdicts).toEqual([true, true, true, false, false]);
    },
  },
  leavesJoint: {
    section: "§4.3",
    check: () => {
      const automatic = { ...joint, autoLeave: true };
      expect([rules.leavesJoint(automatic, 5, 4), rules.leavesJoint(automatic, 5, 5)]).toEqual([false, true]);
      expect([rules.leavesJoint(joint, 5, 5), rules.leavesJoint(three, 5, 5)]).toEqual([false, false]);
    },
  },
  countedForCommit: {
    section: "§4.2.2",
    check: () => expect(rules.countedForCommit({ ...three, learners: ["S4"] }, "S5").incoming).toEqual(three.incoming),
  },
  stepsDownAsRemoved: {
    section: "§4.2.2",
    check: () => {
      expect(rules.stepsDownAsRemoved("S4", three, 5, 4)).toBe(false);
      expect(rules.stepsDownAsRemoved("S4", three, 5, 5)).toBe(true);
      expect(rules.stepsDownAsRemoved("S4", joint, 5, 5)).toBe(false);
      expect(rules.stepsDownAsRemoved("S1", three, 5, 5)).toBe(false);
    },
  },
  mayCampaign: {
    section: "§4.2.2",
    check: () => {
      const membership = { ...votersOnly(["S1", "S2"]), learners: ["S4"] };
      const log = logWith([{ index: 1, term: 1, kind: "config", bytes: 0, membership }]);
      const servers = ["S1", "S3", "S4", "S5"];
      expect(servers.map((server) => rules.mayCampaign(log, 0, server))).toEqual([true, true, false, false]);
      expect(servers.map((server) => rules.mayCampaign(log, 1, server))).toEqual([true, false, false, false]);
    },
  },
  answersAsVoter: {
    section: "§4.1",
    check: () => expect(rules.answersAsVoter({ ...three, learners: ["S4"] }, "S4", "S5")).toBe(true),
  },
  learnerHasCaughtUp: {
    section: "§4.2.1",
    check: () => {
      const limits = { maxEntriesPerAppend: 10, electionTimeoutMs: 100 };
      const learners = [
        { matchIndex: 90, sinceAnswerMs: 99 },
        { matchIndex: 89, sinceAnswerMs: 0 },
        { matchIndex: 100, sinceAnswerMs: 100 },
      ];
      const verdicts = learners.map((learner) => rules.learnerHasCaughtUp(learner, 100, limits));
      expect(verdicts).toEqual([true, false, false]);
      expect(rules.learnerHasCaughtUp({ matchIndex: 0, sinceAnswerMs: 0 }, 1, limits)).toBe(false);
    },
  },
  followerReadIndex: { section: "§6.4", check: () => expect(rules.followerReadIndex(7, 3)).toBe(7) },
  answersQuestion: {
    section: "§6.4",
    check: () => expect([2, 3, 4].map((answer) => rules.answersQuestion(answer, 3))).toEqual([false, true, true]),
  },
  leaseBegins: { section: "§6.4.1", check: () => expect(rules.leaseBegins(100, 140)).toBe(100) },
  leaseEnds: {
    section: "§6.4.1",
    check: () => {
      expect(rules.leaseEnds(100, 550, 10)).toBeCloseTo(600);
      expect(rules.leaseEnds(100, 550, 0)).toBe(650);
    },
  },
  leaseClock: { section: "§6.4.1", check: () => expect(rules.leaseClock(900, 100)).toBe(900) },
  leaseIsValid: {
    section: "§6.4.1",
    check: () => {
      expect([99, 100, 101].map((now) => rules.leaseIsValid(now, 100, false))).toEqual([true, false, false]);
      expect(rules.leaseIsValid(99, 100, true)).toBe(false);
    },
  },
  votesAreSticky: {
    section: "§4.2.3",
    check: () => {
      const verdicts = [rules.votesAreSticky(false, false), rules.votesAreSticky(true, false)];
      expect([...verdicts, rules.votesAreSticky(false, true)]).toEqual([false, true, true]);
    },
  },
  leaderContactAfterStart: {
    section: "§6.4.1",
    check: () => {
      expect(rules.leaderContactAfterStart(70, true)).toBe(70);
      expect(rules.leaderContactAfterStart(70, false)).toBe(Number.NEGATIVE_INFINITY);
    },
  },
  acceptsProposals: {
    section: "§3.10",
    check: () => expect([false, true].map(rules.acceptsProposals)).toEqual([true, false]),
  },
  transferTargetIsReady: {
    section: "§3.10",
    check: () => expect([rules.transferTargetIsReady(8, 9), rules.transferTargetIsReady(9, 9)]).toEqual([false, true]),
  },
  transferTimedOut: {
    section: "§3.10",
    check: () => expect([rules.transferTimedOut(99, 100), rules.transferTimedOut(100, 100)]).toEqual([false, true]),
  },
  transferSkipsPreVote: { section: "§3.10", check: () => expect(rules.transferSkipsPreVote()).toBe(true) },
  obeysTimeoutNow: {
    section: "§3.10",
    check: () => expect([4, 5, 6].map((term) => rules.obeysTimeoutNow(term, 5))).toEqual([false, true, true]),
  },
  uncommittedAfterCommit: { section: "§10.2", check: () => expect(rules.uncommittedAfterCommit(90, 30)).toBe(60) },
  uncommittedAtElection: { section: "§10.2", check: () => expect(rules.uncommittedAtElection(90)).toBe(90) },
  limitsWritesUnderWay: { section: "§3.8", check: () => expect(rules.limitsWritesUnderWay()).toBe(true) },
  resumesAfterFailedTransfer: {
    section: "§5.3",
    check: () => expect(rules.resumesAfterFailedTransfer()).toBe(true),
  },
  runOfProcess: {
    section: "§6.4",
    check: () => expect(rules.runOfProcess(0.25)).not.toBe(rules.runOfProcess(0.75)),
  },
  matchAfterAcceptance: {
    section: "§3.5",
    check: () => expect([3, 7].map((confirmed) => rules.matchAfterAcceptance(5, confirmed))).toEqual([5, 7]),
  },
  membersFallBack: { section: "§4.1", check: () => expect(rules.membersFallBack()).toBe(true) },
  transferOverridesStickiness: {
    section: "§3.10",
    check: () => expect([false, true].map(rules.transferOverridesStickiness)).toEqual([false, true]),
  },
};

const folder = join(import.meta.dirname, "rules");
const documented = readdirSync(folder).flatMap((file) => ruleComments(readFileSync(join(folder, file), "utf8")));

test.each(Object.entries(sections))("%s says its section, its test and its mutants", (name, { section }) => {
  const comment = documented.find(({ rule }) => rule === name);
  expect(comment).toMatchObject({ section, test: `${name} (${section})` });
  expect(comment?.mutants).toMatch(/^(M\d\d[a-z]?(, M\d\d[a-z]?)*$|none)/);
});

describe("rules", () => {
  for (const [name, { section, check }] of Object.entries(sections)) test(`${name} (${section})`, check);
});
