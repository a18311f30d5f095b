import type { z } from "zod";
import type { ViolationRecord } from "../history/annotations.ts";
import type { Capability, Host } from "../hosts/host.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Clock } from "../time/clock.ts";
import type { System } from "./system.ts";

/** A store that runs in virtual time, driven by nothing but the clock and the seed that it is given. */
export interface Simulatable {
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
    /** The same for `--hunt`, which makes rare paths common; left out: those of campaigns. */
    drawHuntKnobs?(random: RandomStream, given: Readonly<Record<string, unknown>>): Record<string, unknown>;
    /**
     * The share of the requested operations that a correct store lets through with these knobs beside these faults, where
     * that is less than a campaign otherwise asks for; null: it is not.
     */
    minLoadShare?(knobs: Readonly<Record<string, unknown>>, faults: readonly string[]): number | null;
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
  /** Who leads, and whom every other node follows, in words. */
  standing(): string;
  /** What keeps these nodes, a majority that nothing disturbs, from being of one mind, in words; null when they are. */
  notConverged(core: readonly string[]): string | null;
  /** Whether a whole majority owes progress at all, by the store's knobs and how late messages are in its world. */
  readonly owesProgress: boolean;
  /** Whether the store, by its knobs, goes on while a node that hears nobody is heard. */
  readonly bearsDeafNodes: boolean;
  /** Whether a leader, by the store's knobs, goes on leading while nobody answers it. */
  readonly leadsUnanswered: boolean;
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
    /** Share of messages of which a copy arrives after `lateMs`. */
    readonly late?: number;
    readonly lateMs?: readonly [number, number];
    /** Share of pieces of snapshots in which a bit is flipped on the way. */
    readonly damage?: number;
  };
  readonly disk?: {
    readonly syncMs?: readonly [number, number];
    /** How long a read from a file takes. */
    readonly readMs?: readonly [number, number];
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
 * Election timeouts (`System.electionTimeoutMs`) within which a majority that nothing disturbs has to answer a client, and as
 * many within which it then has to be of one mind.
 */
export const livenessTimeouts = 20;
