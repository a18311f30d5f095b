import type { z } from "zod";
import type { Completion, Operation } from "../history/event.ts";
import type { Weakness } from "../history/test-record.ts";
import type { HostNode, NodeClock, Ports, ProcessSpec } from "../hosts/host.ts";
import type { Administration } from "./administration.ts";
import type { Inspector } from "./inspector.ts";
import type { Machine } from "./machine.ts";
import type { SystemMutant } from "./mutant.ts";
import type { Simulatable } from "./simulatable.ts";
import type { Traces } from "./traces.ts";

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
  /** The store's own options, given as `--set name=value`; each has a default, unknown names are refused. Left out: none. */
  readonly knobs?: z.ZodType<Record<string, unknown>>;
  /** What its nodes listen on. */
  readonly ports: Ports;
  /** Operations that its clients offer, so that a plan can refuse a workload that needs others. */
  readonly operations: ReadonlySet<SystemOperation>;
  /** How it can answer reads, by its own names; one name at least. */
  readonly readModes: readonly string[];
  /** The read mode of runs that choose none. */
  readonly defaultReadMode: string;
  /**
   * The longest time, by its knobs, within which it notices that a node is gone, such as its longest election timeout. Faults
   * and recovery windows last several of these.
   */
  failureDetectionMs(knobs: Record<string, unknown>): number;
  /** Variants of it with one rule broken, for trying out whether a test catches that. */
  readonly mutants?: readonly SystemMutant[];
  /** What its nodes can be made to tell of themselves, for a look at their insides when a run is over. */
  readonly traces?: Traces;
  /** What it does not promise with these settings; left out: whatever is set, it breaks no promise. */
  weaknesses?(options: SystemOptions): readonly Weakness[];
  /** The roles of its nodes, and who leads; left out where all nodes are equal. */
  readonly inspector?: Inspector;
  /** What time it is for a node's own process: evidence of faults of clocks. Left out where it does not report that. */
  readClock?(node: HostNode, timeoutMs: number): Promise<NodeClock>;
  /** What its operator can ask of it while it runs; left out where it offers nothing of the kind. */
  readonly administration?: Administration;
  /** Exit codes of processes that blame the machine, with what was wrong there. By any other a node ends by its own fault. */
  readonly excusedExits?: Readonly<Record<number, string>>;
  /** How it runs in virtual time; left out where it cannot. */
  readonly simulated?: Simulatable;
  /** Nodes start one after another, each when the one before answers; left out: all at once. */
  readonly startsInTurn?: true;
  /**
   * Prepares a node's machine before its first start: finds or installs programs, initialises the data directory. Rejects with
   * what is missing and how to get it.
   */
  install?(machine: Machine, cluster: readonly HostNode[], options: SystemOptions): Promise<void>;
  /** The processes of one node, in the order in which they start; all but one have a name. */
  processes(node: HostNode, cluster: readonly HostNode[], options: SystemOptions): readonly ProcessSpec[];
  /** Makes one cluster of the nodes, once each of them answers. */
  form?(machines: readonly Machine[], options: SystemOptions): Promise<void>;
  /** Resolves when the node answers; rejects when it does not in time. */
  ping(node: HostNode, timeoutMs: number): Promise<void>;
  /**
   * What the cluster still lacks before clients can use it, in words; null when nothing. Left out: a leader, where the store
   * has an inspector; otherwise nothing but that each node answers.
   */
  lacks?(cluster: readonly HostNode[], timeoutMs: number): Promise<string | null>;
  /** A client of the store. It connects when first used. */
  client(cluster: readonly HostNode[], options: ClientOptions): Client;
}

export interface SystemOptions {
  readonly knobs: Record<string, unknown>;
  readonly readMode: string;
  /** The id of the mutant that all nodes are to be; left out: none. */
  readonly mutant?: string;
  /** The node ran before in this run, so that its data is there: it joins its cluster again, and founds none. */
  readonly restart?: true;
  /** The run's seed, for a system that draws at random within this process. */
  readonly seed?: number;
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

/** Its knobs where none is set. */
export function usualKnobs({ knobs }: Pick<System, "knobs">): Record<string, unknown> {
  return knobs?.parse({}) ?? {};
}

/** A client has one operation under way at a time. It reports `fail` only when it is certain. */
export interface Client {
  invoke(operation: Operation, timeoutMs: number): Promise<Completion>;
  /** Closes its connections; an operation under way ends in `info`. */
  close(): void;
}
