import type { SystemMutant } from "../../mutant.ts";
import type { Rules } from "../core/rules.ts";
import type { KvRules } from "../kv/rules.ts";
import type { Duties } from "../node/duties.ts";

/** A believable slip: the node as it is, but for one rule of the core, one duty of the driver, or one of the state machine. */
export interface Mutant extends SystemMutant {
  /** Of "Build Raft", where the rule is explained. */
  readonly scenes: readonly string[];
  /** Of Ongaro's dissertation. */
  readonly section: string;
  /** The public report of such a bug in another implementation: repository and number on GitHub. Left out: a slip of ours. */
  readonly modelledOn?: string;
  readonly rules?: Partial<Rules>;
  readonly duties?: Partial<Duties>;
  readonly kvRules?: Partial<KvRules>;
}
