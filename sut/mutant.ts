import type { World } from "./simulatable.ts";

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
