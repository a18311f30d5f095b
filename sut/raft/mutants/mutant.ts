import type { SystemMutant } from "../../system.ts";
import type { Rules } from "../core/rules.ts";
import type { KvRules } from "../kv/rules.ts";
import type { Duties } from "../node/duties.ts";

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

/** A believable slip: the node as it is, but for one rule of the core, one duty of the driver, or one of the state machine. */
export interface Mutant extends SystemMutant {
  /** Of "Build Raft", where the rule is explained. */
  readonly scenes: readonly string[];
  /** Of Ongaro's dissertation. */
  readonly section: string;
  readonly anomalies: readonly Anomaly[];
  readonly rules?: Partial<Rules>;
  readonly duties?: Partial<Duties>;
  readonly kvRules?: Partial<KvRules>;
}
