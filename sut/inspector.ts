import type { NodeRecord } from "../history/annotations.ts";
import type { HostNode } from "../hosts/host.ts";

/** What nodes tell of the cluster, in a store whose nodes have roles. */
export interface Inspector {
  /** Each leader has a term of its own, and a term has one leader at most: two in one term are a violation. */
  readonly electsByTerms: boolean;
  /** Asks a node. Rejects when it does not answer in time. */
  inspect(node: HostNode, timeoutMs: number): Promise<NodeObservation>;
}

/** One answer. Runs record what `NodeRecord` has; the rest is shown while a run waits for a leader. */
export interface NodeObservation extends NodeRecord {
  readonly commitIndex?: number;
  readonly lastApplied?: number;
}
