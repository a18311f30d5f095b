import type { HostNode } from "../hosts/host.ts";

/**
 * What an operator asks of a running cluster; an action that is left out is one that the store does not have, and faults that
 * need it are refused. Every call finds the leader itself, and rejects, in words, when there was nobody to ask in time. `done`
 * means that the cluster said so, with where that was seen.
 */
export interface Administration {
  members?(cluster: readonly HostNode[], timeoutMs: number): Promise<Members>;
  /** Changes who the members are, and waits until that is committed. */
  changeMembers?(cluster: readonly HostNode[], change: MembershipChange, timeoutMs: number): Promise<Answered>;
  /** Hands leadership to a voter, and waits until it leads. */
  transferLeadership?(cluster: readonly HostNode[], to: string, timeoutMs: number): Promise<Answered>;
}

export type AdministrativeAction = keyof Administration;

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
