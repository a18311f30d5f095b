import { randomStream } from "../../../random/stream.ts";
import { nowMs } from "../../../time/clock.ts";
import type { Simulation, SimulationOptions } from "../../simulatable.ts";
import type { System } from "../../system.ts";
import { administrationOver } from "../client/administration.ts";
import { RaftClient } from "../client/client.ts";
import { inspectedBy } from "../client/inspect.ts";
import { RaftBug } from "../core/invariant.ts";
import { holdsLease } from "../core/lease.ts";
import type { RaftState } from "../core/state.ts";
import { type Conduct, conductOf } from "../mutants/registry.ts";
import { knobsSchema } from "../node/knobs.ts";
import { SimulatedConnection } from "./client-connection.ts";
import { Cluster } from "./cluster.ts";
import { simulatedHost } from "./host.ts";
import type { Machine } from "./machine.ts";
import { simulatedAccess } from "./operator.ts";
import type { VirtualProcess } from "./process.ts";
import { owesProgress } from "./promises.ts";
import { drawSettings, settingsSchema } from "./settings.ts";
import { watchInvariants } from "./watch.ts";

const largestSegmentBytes = 64 * 1024;

/** A cluster of this store in virtual time: its own nodes, over a network, disks and clocks that follow from the seed. */
export function simulate(store: System, options: SimulationOptions): Simulation {
  const { clock, nodes, seed, onViolation } = options;
  const settings = drawSettings(randomStream(seed, "settings"), settingsSchema.parse(options.world));
  const knobs = knobsSchema.parse(options.knobs);
  const conduct = conductOf(options.mutant);
  const watch = watchInvariants(
    (state) => mayAnswerAlone(state, cluster.machine(state.config.id).process, conduct),
    () => clock.nowNs(),
    ({ invariant, name, statement, nodes: where, detail, lastSteps, lastTurns }) =>
      onViolation({ invariant, name, statement, nodes: where, detail, lastSteps, lastTurns }),
  );
  const onBug = (node: string, cause: Error) =>
    onViolation({
      invariant: "assertion",
      name: cause.message,
      nodes: [node],
      detail: detailOf(cause),
      lastSteps: [],
    });
  const cluster: Cluster = new Cluster({ nodes, time: clock, seed, settings, conduct, watch, onBug });
  const access = simulatedAccess(cluster, clock);
  return {
    host: simulatedHost(cluster, clock),
    steps: () => watch.steps,
    voters: () => votersOf(cluster),
    followed: (by) => followed(cluster, by),
    standing: () => [...cluster.machines.values()].map(standingOf).join(", "),
    notConverged: watch.notConverged,
    owesProgress: owesProgress(knobs, settings.network, nodes.length),
    bearsDeafNodes: knobs.preVote && knobs.checkQuorum,
    leadsUnanswered: !knobs.checkQuorum,
    system: {
      ...store,
      processes: (node, known, chosen) => store.processes(node, known, { ...chosen, knobs: smallFiles(chosen.knobs) }),
      ...inspectedBy(access.status),
      client: (known, { knobs = {}, ...chosen }) =>
        new RaftClient(known, {
          ...chosen,
          clock,
          connect: ({ id }) => new SimulatedConnection(cluster.machine(id), cluster.caller),
          sessions: knobsSchema.parse(knobs).sessions,
        }),
      administration: administrationOver(access),
    },
  };
}

/** The voters of the newest membership that is known to be committed, and of all that may come to be so. */
function votersOf({ machines }: Cluster): string[][] {
  const states = [...machines.values()].flatMap(({ node }) => (node === null ? [] : [node.state]));
  const [newest] = states.toSorted((one, other) => other.commitIndex - one.commitIndex);
  if (newest === undefined) return [];
  const settled = states.filter(({ log, commitIndex }) => log.latestConfig.index <= commitIndex);
  const settledIndex = Math.max(0, ...settled.map(({ log }) => log.latestConfig.index));
  const open = states.filter(({ log }) => log.latestConfig.index >= settledIndex);
  const memberships = [newest.log.membershipAt(newest.commitIndex), ...open.map(({ log }) => log.membership)];
  const sets = memberships.flatMap(({ incoming, outgoing }) => [[...incoming].sort(), [...outgoing].sort()]);
  return [...new Map(sets.filter((set) => set.length > 0).map((set) => [set.join(), set])).values()];
}

function followed({ machines }: Cluster, by: readonly string[]): string | null {
  const state = (id: string) => machines.get(id)?.node?.state;
  const [first] = by;
  const known = first === undefined ? undefined : state(first);
  const leader = known?.leader ?? null;
  if (leader === null || state(leader)?.role !== "leader") return null;
  const isOfOneMind = [leader, ...by].every((id) => {
    const own = state(id);
    return own !== undefined && own.leader === leader && own.term === known?.term;
  });
  return isOfOneMind ? leader : null;
}

/** What a node takes itself for, and whom it follows. */
function standingOf({ id, node, process }: Machine): string {
  if (process === null) return `${id} is down`;
  if (process.state === "paused") return `${id} is paused`;
  if (node === null) return `${id} is starting`;
  const { role, term, leader } = node.state;
  if (role === "leader") return `${id} leads term ${term}`;
  if (role === "follower" && leader !== null) return `${id} follows ${leader} in term ${term}`;
  return `${id} is ${role === "follower" ? "a follower without a leader" : `a ${role}`} in term ${term}`;
}

/** Whether a read would be answered by lease at this moment, by the node's own clock. */
function mayAnswerAlone(state: RaftState, process: VirtualProcess | null, { rules, duties }: Conduct): boolean {
  const { leadership } = state;
  if (leadership === null || process === null) return false;
  const now = duties.eventTimeMs(process, () => nowMs(process));
  return holdsLease({ ...state, now: Math.max(state.now, now) }, leadership, rules);
}

/** Files are in memory here, and grow slowly: with large ones the log would never come to its next segment. */
function smallFiles(knobs: Record<string, unknown>): Record<string, unknown> {
  const { walSegmentBytes } = knobsSchema.parse(knobs);
  return { ...knobs, walSegmentBytes: Math.min(walSegmentBytes, largestSegmentBytes) };
}

/** What the core knew when it found itself wrong. */
function detailOf(cause: Error): string {
  return cause instanceof RaftBug ? JSON.stringify(cause.values) : (cause.stack ?? cause.message);
}
