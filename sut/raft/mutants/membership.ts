import { isJoint, isVoter } from "../core/membership.ts";
import { majorityReached, majorityVote } from "../core/quorum.ts";
import { changingMembers, stalling, twoMajorities, unevenNetwork } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** Changes of members (scene 07). */
export const membershipMutants = [
  {
    id: "M60",
    name: "single-server-no-commit-first",
    breaks: "a new leader changes members before it has committed anything in its term",
    scenes: ["07", "10"],
    section: "§4.1",
    anomalies: ["lost-write", "split-brain"],
    rules: { hasCommittedInTerm: () => true },
    enabling: {
      ...twoMajorities,
      nodes: 4,
      nemesis: ["membership:single", "partition:rotating"],
      timeLimitMs: 30_000,
      world: unevenNetwork,
    },
    expected: { invariants: ["I16", "I4", "I7"], blackBox: false },
    missed: "two leaders must make different changes from an even number of voters, and the first leader must return",
  },
  {
    id: "M61",
    name: "two-configs-in-flight",
    breaks: "a membership change starts before the last one is committed",
    scenes: ["07"],
    section: "§4.1",
    anomalies: ["split-brain"],
    rules: { noChangeUnderWay: () => true },
    enabling: { ...twoMajorities, nemesis: ["churn", "partition:leader-minority"], world: unevenNetwork },
    expected: { invariants: ["I16", "I1"], blackBox: true },
  },
  {
    id: "M62",
    name: "naive-swap",
    breaks: "any set of voters can directly replace any other",
    scenes: ["07"],
    section: "§4.1",
    anomalies: ["split-brain"],
    rules: { votersMayFollowAtOnce: () => true },
    enabling: twoMajorities,
    expected: { invariants: ["I1", "I7"], blackBox: true },
  },
  {
    id: "M63",
    name: "joint-one-majority",
    breaks: "in a joint configuration, a majority of the new voters alone commits",
    scenes: ["07"],
    section: "§4.3",
    anomalies: ["lost-write", "split-brain"],
    rules: { replicatedByQuorum: ({ incoming }, matchIndex) => majorityReached(incoming, matchIndex) },
    enabling: { ...twoMajorities, world: unevenNetwork },
    expected: { invariants: ["I7"], blackBox: true },
  },
  {
    id: "M63b",
    name: "joint-one-majority-elects",
    breaks: "in a joint configuration, a majority of the new voters alone elects",
    scenes: ["07"],
    section: "§4.3",
    anomalies: ["lost-write", "split-brain"],
    rules: { electionResult: ({ incoming }, vote) => majorityVote(incoming, vote) },
    // Who is elected so commits nothing while two sets overlap: what there is to see are two leaders of one term.
    enabling: {
      ...twoMajorities,
      nemesis: ["membership:joint", "partition:halves", "partition:leader"],
      world: unevenNetwork,
    },
    expected: { invariants: ["I1", "I4"], blackBox: true },
  },
  {
    id: "M65",
    name: "snapshot-drops-config",
    breaks: "a snapshot contains the membership from before the log began",
    scenes: ["07", "08"],
    section: "§5.1",
    anomalies: ["split-brain", "lost-write"],
    rules: { snapshotMembership: (log) => log.membershipAt(log.base.index) },
    enabling: {
      ...twoMajorities,
      nemesis: ["membership", "partition:halves", "kill:all"],
      knobs: { ...twoMajorities.knobs, snapshotEntries: 20, trailingEntries: 0 },
    },
    expected: { invariants: ["I15", "I21"], blackBox: true },
  },
  {
    id: "M66",
    name: "removed-leader-counts-self",
    breaks: "a leader that removes itself still counts itself",
    scenes: ["07"],
    section: "§4.2.2",
    anomalies: ["lost-write"],
    // Its copy is put on top of theirs, and none the more is asked for: so counts who begins to count with himself.
    rules: {
      countedForCommit: (members, leader) =>
        members.incoming.includes(leader) ? members : { ...members, incoming: [...members.incoming, leader, leader] },
    },
    // Of four, so that three are left: of an even number, a half and the leader overlap with every majority.
    enabling: { ...twoMajorities, nodes: 4, nemesis: ["membership:leader"], world: stalling(0.05, [100, 400]) },
    expected: { invariants: ["I7", "I8"], blackBox: true },
  },
  {
    id: "M67",
    name: "learner-counts",
    breaks: "a learner's copy counts towards a commit",
    scenes: ["07"],
    section: "§4.2.1",
    anomalies: ["lost-write"],
    // An answer is an answer, and as many are asked for as make a majority of the voters.
    rules: {
      countedForCommit: (members, leader) => {
        const { incoming, learners } = members;
        return { ...members, incoming: [...incoming, ...learners, ...learners.map(() => leader)] };
      },
    },
    enabling: {
      ...twoMajorities,
      nemesis: ["membership:single", "partition:leader-minority"],
      knobs: { electionTimeoutMs: 150, heartbeatMs: 50 },
    },
    expected: { invariants: ["I8"], blackBox: true },
  },
  {
    id: "M67b",
    name: "anybody-campaigns",
    breaks: "learners and removed servers start elections",
    scenes: ["07"],
    section: "§4.2.2",
    anomalies: ["unavailable"],
    rules: { mayCampaign: () => true },
    enabling: changingMembers,
    expected: { invariants: ["I23"], blackBox: false },
    missed: "when leaders are stopped repeatedly, another one answers their clients a little later",
  },
  {
    id: "M68",
    name: "voter-refuses-unknown-candidate",
    breaks: "a server votes only if its own log lists both the candidate and itself as voters",
    scenes: ["07"],
    section: "§4.1",
    anomalies: ["unavailable"],
    rules: {
      answersAsVoter: (members, voter, candidate) => isVoter(members, voter) && isVoter(members, candidate),
    },
    enabling: { ...changingMembers, workload: "availability", maxRecoveryMs: 5000 },
    expected: { invariants: ["I23"], blackBox: false },
    missed: "the outage ends with the fault, when a node that knows all members returns and is elected",
  },
  {
    id: "M69",
    name: "joint-never-left",
    breaks: "a joint configuration is never left",
    scenes: ["07"],
    section: "§4.3",
    anomalies: ["unavailable"],
    rules: { leavesJoint: () => false },
    // No further change can be made.
    enabling: { ...changingMembers, workload: "availability", maxRecoveryMs: 5000, minChangesMadeShare: 0.1 },
    expected: { invariants: ["I23", "I15"], blackBox: true },
  },
  {
    id: "M69b",
    name: "joint-left-early",
    breaks: "a joint configuration is left before it is committed",
    scenes: ["07"],
    section: "§4.3",
    anomalies: ["split-brain", "lost-write"],
    rules: { leavesJoint: (members) => isJoint(members) && members.autoLeave },
    enabling: {
      ...twoMajorities,
      nemesis: ["membership:joint", "partition:halves", "partition:leader"],
      world: unevenNetwork,
    },
    expected: { invariants: ["I16", "I7"], blackBox: true },
  },
  {
    id: "M65b",
    name: "members-outlive-truncation",
    breaks: "a membership stays in effect when its entry is replaced",
    scenes: ["07"],
    section: "§4.1",
    modelledOn: "canonical/raft#250",
    anomalies: ["split-brain", "lost-write"],
    rules: { membersFallBack: () => false },
    enabling: changingMembers,
    expected: { invariants: ["I15"], blackBox: false },
    missed: "a majority of the wrong members is nearly always one of the right members as well",
  },
] as const satisfies readonly Mutant[];
