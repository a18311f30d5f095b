import type { z } from "zod";
import type { NodeRecord, ViolationRecord } from "../history/annotations.ts";
import type { Completion, Operation } from "../history/event.ts";
import type { Capability, Host, HostNode, ProcessSpec } from "../hosts/host.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Clock } from "../time/clock.ts";

/**
 * What a store may offer on a key, as `Operation.f`; values are JSON, an absent key is null.
 * - `read`: value null; answers what the key holds.
 * - `write`: sets it to the value.
 * - `cas`: value [old, new]; sets it to new if it holds old (null: absent), else `fail` with `cas-mismatch`.
 * - `delete`: makes the key absent. Value null.
 * - `append`: value an element; adds it to the key's list (absent: a list of it alone). Answers the element.
 * - `incr`: value a number; adds it to the key's number (absent: 0). Answers the new number.
 * - `txn`: no key; value a list of `MicroOp`, done atomically in order. Answers the list with its reads filled in. One
 *   `cas` in it that does not hold: nothing of it is done, `fail` with `cas-mismatch`.
 */
export const systemOperations = ["read", "write", "cas", "delete", "append", "incr", "txn"] as const;
export type SystemOperation = (typeof systemOperations)[number];

/**
 * Election timeouts (`System.electionTimeoutMs`) within which a majority that nothing disturbs has to answer a client, and as
 * many within which it then has to be of one mind.
 */
export const livenessTimeouts = 20;

/** One step of a transaction; `r` is given null and answered with what the key holds then. */
export type MicroOp =
  | readonly ["r", key: string, value: unknown]
  | readonly ["w", key: string, value: unknown]
  | readonly ["append", key: string, element: unknown]
  | readonly ["cas", key: string, exchange: readonly [old: unknown, new: unknown]];

/**
 * A replicated store under test: how to start a node of it, how to talk to it, how to look inside. Everything else
 * (faults, histories, checking, reports) knows nothing of the store.
 */
export interface System {
  readonly name: string;
  /** Its nodes live in the controller's own process: no backend makes machines for it, and no fault can touch it. */
  readonly inProcess?: true;
  /** The store's own options, given as `--set name=value`; each has a default, unknown names are refused. */
  readonly knobs: z.ZodType<Record<string, unknown>>;
  /** Operations that its clients offer, so that a plan can refuse a workload that needs others. */
  readonly operations: ReadonlySet<SystemOperation>;
  readonly readModes: readonly string[];
  /** The longest time, by its knobs, that a node may take to notice a lost leader; recovery is told in these. */
  electionTimeoutMs(knobs: Record<string, unknown>): number;
  /** Its nodes tell a term when they are looked at, and a term has one leader at most. */
  readonly ledByTerms?: true;
  /** Variants of it with one rule broken, for trying out whether a test catches that. */
  readonly mutants?: readonly SystemMutant[];
  /** What its nodes can be made to tell of themselves, for a look at their insides when a run is over. */
  readonly traces?: Traces;
  /** What its operator can ask of it while it runs; left out where it offers nothing of the kind. */
  readonly administration?: Administration;
  /** Exit codes of processes that blame the machine, with what was wrong there. By any other a node ends by its own fault. */
  readonly excusedExits?: Readonly<Record<number, string>>;
  /** How it runs in virtual time; left out where it cannot. */
  readonly simulated?: Simulated;
  /** The process that runs one node. */
  process(node: HostNode, cluster: readonly HostNode[], options: SystemOptions): ProcessSpec;
  /** One look at a node, for the observer. Rejects when the node does not answer in time. */
  observe(node: HostNode, timeoutMs: number): Promise<NodeObservation>;
  /** A client of the store. It connects when first used. */
  client(cluster: readonly HostNode[], options: ClientOptions): Client;
}

/** A store that runs in virtual time, driven by nothing but the clock and the seed that it is given. */
export interface Simulated {
  /** What faults may ask of its hosts. */
  readonly capabilities: ReadonlySet<Capability>;
  /** Whether it looks for what must never be after each of its steps. */
  readonly hasInvariants: boolean;
  /** What a plan may say of its network, disks and clocks; left out where they are as they are. */
  readonly world?: z.ZodType<Record<string, unknown>>;
  /** What a campaign of many runs draws from, beside what is the same for every store. */
  readonly swarm: {
    /** Those in which a correct store is linearizable. */
    readonly readModes: readonly string[];
    /** Knobs with which a correct store is expected to be valid; those left out have their defaults. */
    drawKnobs(random: RandomStream, given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  };
  /** A cluster of which no node runs yet. */
  begin(options: SimulationOptions): Simulation;
}

export interface SimulationOptions {
  readonly clock: Clock;
  readonly nodes: readonly string[];
  readonly knobs: Record<string, unknown>;
  readonly readMode: string;
  readonly seed: number;
  /** The id of the mutant that all nodes are to be; left out: none. */
  readonly mutant?: string;
  /** What its network, disks and clocks are to be like; all else is drawn from the seed. */
  readonly world?: World;
  /** Something was seen that must never be. The simulation need not go on from there as a real cluster would. */
  readonly onViolation: (violation: Omit<ViolationRecord, "timeNs">) => void;
}

/** Traces that the nodes of real runs write, by a clock that they share. */
export interface Traces {
  /** Whether the nodes write any with these knobs. */
  written(knobs: Record<string, unknown>): boolean;
  /** Holds what must always be so against the traces that are among the logs of a run. */
  check(logsFolder: string, nodes: readonly string[]): TraceCheck;
}

export interface TraceCheck {
  /** How much of the cluster's doing was looked at. */
  readonly steps: number;
  /** The first thing that must never be, with the time of the machine's clock. */
  readonly violation: (Omit<ViolationRecord, "timeNs"> & { readonly atNs: number }) | null;
  /** Why there was nothing to look at. */
  readonly problem?: string;
}

/**
 * One simulated cluster: its machines, and how its nodes, clients and operators act on them. Nothing in it waits for the real
 * world.
 */
export interface Simulation {
  readonly host: Host;
  readonly system: System;
  /** After how many steps the invariants were looked at so far. */
  steps(): number;
  /** Sets of voters by which some node goes, now or soon: whoever has a majority of each is enough to go on. */
  voters(): readonly (readonly string[])[];
  /** Whom all of these nodes take for the leader, in one term that it does lead; null while there is no such node. */
  followed(by: readonly string[]): string | null;
  /** What keeps these nodes, a majority that nothing disturbs, from being of one mind, in words; null when they are. */
  notConverged(core: readonly string[]): string | null;
  /** Whether a whole majority owes progress at all, by the store's knobs and how late messages are in its world. */
  readonly owesProgress: boolean;
  /** Whether the store, by its knobs, goes on while a node that hears nobody is heard. */
  readonly bearsDeafNodes: boolean;
  /** Whether a leader, by the store's knobs, goes on leading while nobody answers it. */
  readonly leadsUnanswered: boolean;
}

/**
 * What goes wrong, as clients or operators see it: stale read, lost write that was acknowledged, split brain, dirty read (of
 * something that failed or was never committed), double apply, replicas that differ, unavailable, growing without bound, slow.
 */
export type Anomaly =
  | "stale-read"
  | "lost-write"
  | "split-brain"
  | "dirty-read"
  | "double-apply"
  | "divergence"
  | "unavailable"
  | "growth"
  | "slow";

/** A variant of a system that is wrong on purpose, in one place. */
export interface SystemMutant {
  readonly id: string;
  readonly name: string;
  /** What is wrong with it, in half a sentence. */
  readonly breaks: string;
  readonly anomalies: readonly Anomaly[];
  readonly enabling: Enabling;
  /** What is to notice it: invariants of the simulator by their ids, and what shows outside. */
  readonly expected: { readonly invariants: readonly string[]; readonly blackBox: boolean };
  /** Why it does not show outside, in a sentence: there exactly where it is not expected to (`blackBox` is false). */
  readonly missed?: string;
}

/** A configuration in which a bug shows soon, and a correct system is valid. The names are those of a plan's options. */
export interface Enabling {
  readonly nodes: number;
  readonly workload: string;
  readonly nemesis: readonly string[];
  readonly readMode?: string;
  readonly knobs?: Readonly<Record<string, unknown>>;
  /** Operations a second, where a mutant needs clients that leave the cluster time; otherwise whoever tries it says. */
  readonly rate?: number;
  /** How many clients there are, where a mutant needs more of them than usual; a deposed leader keeps some of them waiting. */
  readonly concurrency?: number;
  /** How long clients keep going, where a mutant needs more or less than others; otherwise whoever tries it says. */
  readonly timeLimitMs?: number;
  readonly maxRecoveryMs?: number;
  /** The share of operations outside faults that have to be answered, from 0 to 1. */
  readonly minAnsweredShare?: number;
  /** The share of changes of members and leaders outside faults that have to be made, from 0 to 1. */
  readonly minChangesMadeShare?: number;
  /** How many elections a fault may cost. */
  readonly maxElectionsPerFault?: number;
  /** What the world around the nodes has to be like, as far as the backend can make it so. */
  readonly world?: World;
}

/** Settings of a simulated world; what is left out is drawn from the seed. Ranges are those that are drawn from. */
export interface World {
  readonly network?: {
    readonly delayMs?: readonly [number, number];
    /** Share of messages that are under way for `slowMs` instead. */
    readonly slow?: number;
    readonly slowMs?: readonly [number, number];
    /** Share of messages that are lost. */
    readonly lose?: number;
    /** Share of messages that arrive a second time. */
    readonly duplicate?: number;
    /** Share of messages that may overtake others. */
    readonly reorder?: number;
    /** Connections that break in a minute, on each edge; what was under way is sent again. */
    readonly resetsPerMinute?: number;
  };
  readonly disk?: {
    readonly syncMs?: readonly [number, number];
    /** Share of syncs that take `slowMs` instead. */
    readonly slow?: number;
    readonly slowMs?: readonly [number, number];
    /** A crash takes along what was not synced, of a write also any part of it. */
    readonly losesUnsynced?: boolean;
    /** How long a sync takes while the fault `disk:slow` lasts. */
    readonly troubledMs?: readonly [number, number];
    /** How many bits the fault `disk:flip` flips. */
    readonly flippedBits?: readonly [number, number];
  };
  readonly clocks?: {
    /** How much faster the fastest clock may run than the slowest. */
    readonly driftPercent?: number;
    readonly offsetMs?: number;
  };
}

/**
 * What an operator asks of a running cluster. Every call finds the leader itself, and rejects, in words, when there was
 * nobody to ask in time. `done` means that the cluster said so, with where that was seen.
 */
export interface Administration {
  members(cluster: readonly HostNode[], timeoutMs: number): Promise<Members>;
  /** Changes who the members are, and waits until that is committed. */
  changeMembers(cluster: readonly HostNode[], change: MembershipChange, timeoutMs: number): Promise<Answered>;
  /** Hands leadership to a voter, and waits until it leads. */
  transferLeadership(cluster: readonly HostNode[], to: string, timeoutMs: number): Promise<Answered>;
}

/** The members by the leader's log. `learners` hold the data and do not vote. */
export interface Members {
  readonly voters: readonly string[];
  readonly learners: readonly string[];
}

/** `voters`: replaces all voters at once, by joint consensus where more than one differs. */
export type MembershipChange =
  | { readonly type: "add-learner" | "promote" | "remove"; readonly node: string }
  | { readonly type: "voters"; readonly voters: readonly string[] };

export interface Answered {
  readonly done: boolean;
  /** What the cluster answered, with figures: "n2 leads term 7 after 34 ms". */
  readonly observation: string;
}

export interface SystemOptions {
  readonly knobs: Record<string, unknown>;
  readonly readMode: string;
  /** The id of the mutant that all nodes are to be; left out: none. */
  readonly mutant?: string;
  /** The run's seed, for a system that draws at random within this process. */
  readonly seed?: number;
}

export interface NodeObservation extends NodeRecord {
  readonly commitIndex: number;
  readonly lastApplied: number;
}

export interface ClientOptions {
  /**
   * A node to ask first at each operation, whatever is known of the leader: this is how a deposed leader that still
   * believes in itself gets asked. Left out: the client follows the leader.
   */
  readonly pinnedTo?: string;
  /**
   * How long the client waits for one node. A pinned client is more patient with its own: it takes an answer from there
   * as long as the operation lasts. With every node it could not be so: all clients would hang on the one leader that was
   * paused, and nobody would be left to try the next.
   */
  readonly patienceMs?: number;
  /** The store's own options that its nodes were started with. Left out: the defaults. */
  readonly knobs?: Record<string, unknown>;
}

/** A client has one operation under way at a time. It reports `fail` only when it is certain. */
export interface Client {
  invoke(operation: Operation, timeoutMs: number): Promise<Completion>;
  /** Closes its connections; an operation under way ends in `info`. */
  close(): void;
}
