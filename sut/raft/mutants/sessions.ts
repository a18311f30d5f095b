import type { Enabling } from "../../mutant.ts";
import type { KvCommand } from "../kv/commands.ts";
import { isolatedLeader, smallSnapshots } from "./enabling.ts";
import type { Mutant } from "./mutant.ts";

/** A leader dies between committing and answering, and its clients send again. */
const retries = { nodes: 3, workload: "counter", nemesis: ["kill:leader", "partition:leader"] } as const;

/** More clients than sessions that are remembered: some are forgotten before a retry comes. */
const fewSessions = {
  ...retries,
  nemesis: ["kill:leader", "partition:leader", "partition:one"],
  concurrency: 20,
  rate: 100,
  knobs: { ...smallSnapshots.knobs, maxSessions: 12 },
} as const satisfies Enabling;

/** The state machine and its clients (scenes 01 and 10). */
export const sessionMutants = [
  {
    id: "M73",
    name: "snapshot-without-sessions",
    breaks: "a snapshot omits the session table",
    scenes: ["08", "10"],
    section: "§6.3",
    anomalies: ["double-apply"],
    kvRules: { snapshotHoldsSessions: () => false },
    enabling: { ...retries, knobs: smallSnapshots.knobs },
    expected: { invariants: ["I20", "I21"], blackBox: true },
  },
  {
    id: "M80",
    name: "no-dedup",
    breaks: "a request that a client sends twice is executed twice",
    scenes: ["10"],
    section: "§6.3",
    anomalies: ["double-apply"],
    kvRules: { isNewNumber: () => true },
    enabling: retries,
    expected: { invariants: ["I20"], blackBox: true },
  },
  {
    id: "M81",
    name: "dedup-in-leader-memory",
    breaks: "only the node that answered a request remembers the answer",
    scenes: ["10"],
    section: "§6.3",
    anomalies: ["double-apply"],
    kvRules: { keepsAnswer: (proposedHere) => proposedHere },
    enabling: retries,
    expected: { invariants: ["I20", "I5"], blackBox: true },
  },
  {
    id: "M82",
    name: "nondeterministic-apply",
    breaks: "nodes other than the one that answers apply every compare-and-set as if it succeeded",
    scenes: ["01"],
    section: "§2.1",
    anomalies: ["divergence", "stale-read"],
    kvRules: { carriedOut: (command, proposedHere) => (proposedHere ? command : unconditional(command)) },
    enabling: { ...isolatedLeader, workload: "cas-register", nemesis: ["transfer", "kill:leader"] },
    expected: { invariants: [], blackBox: true },
  },
  {
    id: "M83",
    name: "proxy-reentry",
    breaks: "a forwarded command enters the log twice, once by each of the two nodes",
    scenes: ["10"],
    section: "§6.2",
    anomalies: ["double-apply", "unavailable"],
    duties: { timesProposed: () => 2 },
    enabling: { nodes: 3, workload: "append", nemesis: ["none"], knobs: { sessions: false } },
    expected: { invariants: ["I20"], blackBox: true },
  },
  {
    id: "M73b",
    name: "session-order-lost",
    breaks: "a restored node forgets sessions by their number, not by their use",
    scenes: ["08", "10"],
    section: "§6.3",
    modelledOn: "atomix/atomix#1101",
    anomalies: ["divergence", "double-apply"],
    kvRules: { sessionsInOrder: (sessions) => sessions.toSorted((one, other) => one.id - other.id) },
    enabling: fewSessions,
    expected: { invariants: ["I21", "I20"], blackBox: true },
  },
  {
    id: "M73c",
    name: "session-ids-reused",
    breaks: "a restored node gives out the numbers of forgotten sessions again",
    scenes: ["08", "10"],
    section: "§6.3",
    modelledOn: "atomix/atomix#417",
    anomalies: ["divergence", "double-apply"],
    kvRules: { lastSessionAfterRestore: (_lastId, sessions) => sessions.length },
    enabling: fewSessions,
    expected: { invariants: ["I21", "I20"], blackBox: true },
  },
  {
    id: "M80b",
    name: "forgotten-session-served",
    breaks: "a command of a forgotten session is executed",
    scenes: ["10"],
    section: "§6.3",
    modelledOn: "atomix/copycat#134",
    anomalies: ["double-apply"],
    kvRules: { servesForgotten: () => true },
    enabling: fewSessions,
    expected: { invariants: ["I20"], blackBox: true },
  },
] as const satisfies readonly Mutant[];

function unconditional(command: KvCommand): KvCommand {
  return command.type === "cas" ? { type: "put", key: command.key, value: command.value } : command;
}
