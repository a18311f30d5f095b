import type { Effect } from "../../core/events.ts";
import { holdsLease } from "../../core/lease.ts";
import { isJoint } from "../../core/membership.ts";
import { type Rules, rules } from "../../core/rules.ts";
import type { RaftState } from "../../core/state.ts";
import type { step } from "../../core/step.ts";
import { type ClusterWatch, type Envelope, TestCluster, type TestClusterOptions } from "../../core/test-cluster.ts";
import type { Entry, NodeId, ReadMode } from "../../core/types.ts";
import type { NodeWatch } from "../../node/assemble.ts";
import { openNodeTrace } from "../../node/trace.ts";
import { notConverged } from "../converged.ts";
import { Invariants } from "../invariants.ts";
import { watchedBy } from "./watched-by.ts";

/** With `voters`, the other nodes are spares, and members change. */
export interface ScheduleOptions extends Pick<TestClusterOptions, "nodes" | "voters" | "config" | "rules" | "clock"> {
  /** Whole numbers of a range, by chance. */
  readonly int: (from: number, to: number) => number;
  readonly readModes?: readonly ReadMode[];
  /** Whether leadership is handed over now and then. */
  readonly transfers?: boolean;
  /**
   * Faults that put leases to the test: leaders live longer, cuts begin at the leader, follow upon one another, may be of
   * one direction and hold messages back instead of losing them, and election timeouts are often the shortest ones.
   */
  readonly leaseFaults?: boolean;
  /** Takes each node's trace, line by line. */
  readonly onTraceLine?: (id: NodeId, line: string) => void;
}

/** What the network does not let through, and whether it is lost, or arrives when the cut is over, as with TCP. */
interface Cut {
  readonly stops: (envelope: Envelope) => boolean;
  readonly holds: boolean;
}

const nothing: Cut = { stops: () => false, holds: false };

const steps = 3000;
const recoveryMs = 2000;

/**
 * A random schedule of pure cores: messages late, twice, out of order or never; disks slow; crashes that lose what was
 * not synced. What does not hold is thrown, as an InvariantViolation or the core's own RaftBug.
 */
export class Schedule {
  readonly #int: (from: number, to: number) => number;
  readonly #rules: Rules;
  readonly #readModes: readonly ReadMode[];
  readonly #handsOver: boolean;
  readonly #leaseFaults: boolean;
  readonly #cluster: TestCluster;
  readonly #invariants: Invariants;
  /** Reads answered, and leadership handed over to whom it should go. */
  reads = 0;
  transfers = 0;
  #cut = nothing;
  readonly #changesMembers: boolean;
  #commands = 0;

  constructor({ int, ...options }: ScheduleOptions) {
    const { readModes = ["read-index"], transfers = false, leaseFaults = false, onTraceLine, ...setting } = options;
    this.#int = int;
    this.#rules = { ...rules, ...setting.rules };
    this.#readModes = readModes;
    this.#handsOver = transfers;
    this.#leaseFaults = leaseFaults;
    const random = () => (leaseFaults && int(0, 1) === 0 ? 0 : int(0, 999_999) / 1_000_000);
    this.#invariants = new Invariants({ holdsLease: (id) => this.#holdsLease(id) });
    const watch = watchedBy(this.#invariants);
    const traced = tracing(onTraceLine);
    const durable: ClusterWatch["durable"] = (id, io) => {
      watch.durable?.(id, io);
      traced.durable(id, io);
    };
    this.#cluster = new TestCluster({ ...setting, ...traced, random, watch: { ...watch, durable } });
    this.#cluster.onEffect = (_id, effect) => this.#count(effect);
    this.#changesMembers = setting.voters !== undefined;
  }

  /** Runs the schedule; returns what it committed. */
  run(): readonly Entry[] {
    for (let i = 0; i < steps; i++) this.#act();
    const { committed } = this.#invariants.world;
    return Array.from({ length: committed.lastIndex }, (_, i) => committed.at(i + 1)?.entry as Entry);
  }

  /** With everybody up and heard again, somebody leads, no change of members is left half done, and logs are equal. */
  checkRecovery(): void {
    const cluster = this.#cluster;
    for (const envelope of cluster.network.splice(0)) cluster.lose(envelope);
    for (const id of cluster.ids) if (!cluster.node(id).up) cluster.restart(id);
    cluster.pass(recoveryMs);
    const leads = cluster.ids.some((id) => {
      const { role, log, commitIndex } = cluster.state(id);
      return role === "leader" && log.latestConfig.index <= commitIndex && !isJoint(log.membership);
    });
    if (!leads) throw new Error(`nobody leads with settled members ${recoveryMs} ms after all faults`);
    const why = notConverged(this.#invariants.world, cluster.ids);
    if (why !== null) throw new Error(`${why}, ${recoveryMs} ms after all faults`);
  }

  #act(): void {
    const cluster = this.#cluster;
    const id = cluster.ids[this.#int(0, cluster.ids.length - 1)] as NodeId;
    const dice = this.#int(0, 99);
    if (this.#int(0, 29) === 0) this.#snapshot(id);
    if (this.#int(0, 299) === 0) this.#changeCut(id);
    if (this.#changesMembers && this.#int(0, 49) === 0) this.#changeMembers(id);
    if (this.#handsOver && this.#int(0, 199) === 0) cluster.transfer(id, null);
    if (dice < 56) this.#deliverOne();
    else if (dice < 71) cluster.sync(id, this.#int(1, 3));
    else if (dice < 83) this.#passTime(id);
    else if (dice < 91) cluster.propose(id, ++this.#commands);
    else if (dice < 96) this.#read(id);
    else if (dice < 97) this.#crash(id);
    else for (const other of cluster.ids) if (!cluster.node(other).up) cluster.restart(other);
  }

  #deliverOne(): void {
    const { network } = this.#cluster;
    if (network.length === 0) return;
    const { stops, holds } = this.#cut;
    const chosen = this.#int(0, 3) > 0 ? 0 : this.#int(0, network.length - 1);
    const place = holds ? network.findIndex((envelope, i) => i >= chosen && !stops(envelope)) : chosen;
    const envelope = network[place];
    if (envelope === undefined) return;
    const fate = this.#int(0, 9);
    if (fate > 0) network.splice(place, 1);
    if (fate < 9 && !stops(envelope)) this.#cluster.deliver(envelope);
    else this.#cluster.lose(envelope);
  }

  #changeCut(id: NodeId): void {
    const goesOn = this.#leaseFaults && this.#int(0, 2) === 0;
    if (this.#cut !== nothing && !goesOn) this.#cut = nothing;
    else if (this.#leaseFaults) this.#cut = this.#newCut(this.#leader() ?? id);
    else this.#cut = { stops: around(this.#changesMembers ? this.#someNodes() : [id]), holds: false };
  }

  #newCut(id: NodeId): Cut {
    const apart = this.#changesMembers ? this.#someNodes() : [id];
    const other = this.#cluster.ids[this.#int(0, this.#cluster.ids.length - 1)];
    const shapes: readonly Cut["stops"][] = [
      around(apart),
      ({ from, to }) => apart.includes(from) && !apart.includes(to),
      ({ from, to }) => !apart.includes(from) && apart.includes(to),
      ({ from, to }) => from === id && to === other,
    ];
    return { stops: shapes[this.#int(0, shapes.length - 1)] ?? around(apart), holds: this.#int(0, 1) === 0 };
  }

  #crash(id: NodeId): void {
    if (!this.#leaseFaults || this.#int(0, 3) === 0) this.#cluster.crash(id);
  }

  /** Now and then one is written at once; else it takes a while, and the node may crash before. */
  #snapshot(id: NodeId): void {
    if (this.#int(0, 1) === 0) this.#cluster.beginSnapshot(id);
    if (this.#int(0, 1) === 0) this.#cluster.finishSnapshot(id);
  }

  /** Asks whoever may lead for some change; most make no sense at the time, and are refused. */
  #changeMembers(id: NodeId): void {
    const voters = this.#someNodes();
    const node = voters[0] as NodeId;
    const types = ["add-learner", "promote", "add-voter", "demote", "remove"] as const;
    const type = types[this.#int(0, types.length)];
    const leader = this.#leader() ?? id;
    this.#cluster.reconfigure(leader, type === undefined ? { type: "replace", voters } : { type, node });
  }

  #leader(): NodeId | undefined {
    return this.#cluster.ids.find((id) => this.#cluster.state(id).role === "leader");
  }

  #someNodes(): NodeId[] {
    const { ids } = this.#cluster;
    const some = ids.filter(() => this.#int(0, 1) === 0);
    return some.length > 0 ? some : [ids[this.#int(0, ids.length - 1)] as NodeId];
  }

  #read(id: NodeId): void {
    const modes = this.#readModes;
    const mode = modes.length === 1 ? modes[0] : modes[this.#int(0, modes.length - 1)];
    if (mode === undefined) throw new RangeError("a schedule needs a read mode");
    this.#cluster.read(id, mode);
  }

  #passTime(id: NodeId): void {
    this.#cluster.now += this.#int(0, 10);
    this.#cluster.tick(id);
  }

  /** Whether it would answer a read alone now, by its own clock. */
  #holdsLease(id: NodeId): boolean {
    const { state } = this.#cluster.node(id);
    const now = Math.max(state.now, this.#cluster.clock(id));
    return state.leadership !== null && holdsLease({ ...state, now }, state.leadership, this.#rules);
  }

  #count(effect: Effect): void {
    if (effect.type === "transfer-ended" && effect.outcome.type === "done") this.transfers++;
    if (effect.type === "serve-read") this.reads += effect.refs.length;
  }
}

/** Between these nodes and all others. */
function around(apart: readonly NodeId[]): Cut["stops"] {
  return ({ from, to }) => apart.includes(from) !== apart.includes(to);
}

/** Traces of all nodes by one clock, on which every line has a time of its own; none where nobody wants them. */
function tracing(onLine: ScheduleOptions["onTraceLine"]) {
  const traces = new Map<NodeId, NodeWatch>();
  let timeNs = 0;
  return {
    watched: (inner: typeof step, state: RaftState) => {
      const { id } = state.config;
      if (onLine === undefined) return inner;
      const trace = openNodeTrace(
        () => (line) => onLine(id, line),
        () => ++timeNs,
      );
      traces.set(id, trace);
      return trace.watched(inner, state);
    },
    durable: (id: NodeId, io: number) => traces.get(id)?.durable(io),
  };
}
