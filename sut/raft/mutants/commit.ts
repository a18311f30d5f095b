import type { Entry } from "../core/types.ts";
import { figureEight, isolatedLeader, manyElections, powerLoss } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** What counts as committed, and what clients are told of it (scenes 05 and 06). */
export const commitMutants = [
  {
    id: "M11",
    name: "quorum-minus-one",
    breaks: "half of the voters count as a majority when entries are committed",
    scenes: ["03", "05"],
    section: "§3.5",
    anomalies: ["split-brain", "lost-write"],
    rules: {
      replicatedByQuorum: ({ incoming }, matchIndex) => {
        const descending = incoming.map(matchIndex).sort((one, other) => other - one);
        return descending[Math.max(1, Math.floor(incoming.length / 2)) - 1] ?? 0;
      },
    },
    enabling: { ...isolatedLeader, workload: "set" },
    expected: { invariants: ["I8", "I4"], blackBox: true },
  },
  {
    id: "M23",
    name: "commit-past-verified",
    breaks: "a follower commits up to the leader's commit index, even beyond the entries that it has verified",
    scenes: ["04", "05"],
    section: "Figure 3.1",
    anomalies: ["dirty-read", "divergence"],
    rules: { followerCommit: (leaderCommit) => leaderCommit },
    enabling: { ...manyElections, nemesis: ["partition:leader"] },
    expected: { invariants: ["I5", "I6"], blackBox: true },
  },
  {
    id: "M24",
    name: "commit-old-term",
    breaks: "a leader commits entries of earlier terms by counting copies (Figure 8)",
    scenes: ["05", "06"],
    section: "§3.6.2",
    anomalies: ["stale-read", "lost-write"],
    rules: { mayCommitByCounting: () => true },
    enabling: { ...figureEight, nemesis: ["partition:rotating"], concurrency: 40, timeLimitMs: 60_000 },
    expected: { invariants: ["I4", "I6"], blackBox: true },
  },
  {
    id: "M25",
    name: "ack-on-append",
    breaks: "a client gets ok as soon as its entry is in the leader's log",
    scenes: ["05"],
    section: "§3.5",
    anomalies: ["lost-write"],
    duties: {
      answeredWhenAppended: (entries, { waiters }) =>
        entries.filter(isCommand).flatMap(({ index }) => waiters.get(index)?.refs ?? []),
    },
    // Its early answer says nothing, so that a session, whose opening is to be answered with its number, could not begin.
    enabling: { ...isolatedLeader, workload: "set", knobs: { ...isolatedLeader.knobs, sessions: false } },
    expected: { invariants: [], blackBox: true },
  },
  {
    id: "M26",
    name: "apply-before-commit",
    breaks: "entries are applied as soon as they are in the log, before they are committed",
    scenes: ["05", "01"],
    section: "§3.5",
    anomalies: ["dirty-read", "divergence"],
    rules: { applyUpTo: (_commitIndex, lastIndex) => lastIndex },
    enabling: isolatedLeader,
    expected: { invariants: ["I5", "I12"], blackBox: true },
  },
  {
    id: "M27",
    name: "leader-counts-unsynced-self",
    breaks: "a leader counts itself for entries that its disk does not hold yet",
    scenes: ["04", "10"],
    section: "§10.2.1",
    anomalies: ["lost-write"],
    rules: { ownMatchIndex: (_durableIndex, lastIndex) => lastIndex },
    enabling: { ...powerLoss, world: { disk: { losesUnsynced: true, syncMs: [20, 200] } } },
    expected: { invariants: ["I8", "I22"], blackBox: true },
  },
  {
    id: "M32",
    name: "waiter-by-index",
    breaks: "any entry applied at an index answers the request that waits for that index",
    scenes: ["05"],
    section: "§6.3",
    anomalies: ["lost-write"],
    rules: { losesRequest: () => false },
    enabling: { ...isolatedLeader, knobs: { ...isolatedLeader.knobs, sessions: false } },
    expected: { invariants: ["I24"], blackBox: true },
  },
  {
    id: "M33",
    name: "definite-fail-on-stepdown",
    breaks: "a leader that steps down reports requests in progress as failed",
    scenes: ["05"],
    section: "§6.3",
    anomalies: ["dirty-read"],
    rules: { outcomeOfAbandoned: () => "not-leader" },
    enabling: { ...isolatedLeader, workload: "append", knobs: { ...isolatedLeader.knobs, sessions: false } },
    expected: { invariants: ["I24"], blackBox: true },
  },
  {
    id: "M34",
    name: "stamps-new-term",
    breaks: "a deposed leader appends requests that still arrive, in the new term",
    scenes: ["02", "04"],
    section: "§3.3",
    anomalies: ["split-brain", "divergence"],
    rules: { mayAppend: (role, leader) => role === "leader" || (role === "follower" && leader === null) },
    enabling: manyElections,
    expected: { invariants: ["I3", "I2"], blackBox: true },
  },
  {
    id: "M76",
    name: "replay-uncommitted",
    breaks: "a server that restarts applies its whole log, uncommitted entries included",
    scenes: ["01", "05"],
    section: "§3.8",
    anomalies: ["dirty-read", "divergence"],
    rules: { commitAfterRestart: (lastIndex) => lastIndex },
    enabling: { ...manyElections, nemesis: ["partition:leader", "kill:one"] },
    expected: { invariants: ["I5"], blackBox: true },
  },
  {
    id: "M88",
    name: "replaced-counts-as-durable",
    breaks: "an entry counts as durable when the write of the one that it replaced is done",
    scenes: ["04", "10"],
    section: "§3.8",
    modelledOn: "etcd-io/raft#8",
    anomalies: ["lost-write"],
    rules: { limitsWritesUnderWay: () => false },
    enabling: { ...manyElections, world: { ...manyElections.world, disk: { syncMs: [20, 200] } } },
    expected: { invariants: ["I12", "I8"], blackBox: false },
    missed: "only a crash in the milliseconds between two writes would lose what was counted on",
  },
] as const satisfies readonly Mutant[];

function isCommand({ kind }: Entry): boolean {
  return kind === "command";
}
