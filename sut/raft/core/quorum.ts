import type { Membership, NodeId } from "./types.ts";

export type VoteResult = "won" | "lost" | "pending";

/** The outcome of an election: won by a majority, lost when none can be reached any more. No voters: won. */
export function majorityVote(voters: readonly NodeId[], vote: (voter: NodeId) => boolean | undefined): VoteResult {
  const needed = majoritySize(voters.length);
  let yes = 0;
  let no = 0;
  for (const voter of voters) {
    const answer = vote(voter);
    if (answer === true) yes++;
    if (answer === false) no++;
  }
  if (voters.length === 0 || yes >= needed) return "won";
  return voters.length - no < needed ? "lost" : "pending";
}

/** While members change, both majorities decide (§4.3). */
export function jointVote(membership: Membership, vote: (voter: NodeId) => boolean | undefined): VoteResult {
  const incoming = majorityVote(membership.incoming, vote);
  const outgoing = majorityVote(membership.outgoing, vote);
  if (incoming === "lost" || outgoing === "lost") return "lost";
  return incoming === "won" ? outgoing : incoming;
}

/** The highest number that a majority has reached: a match index, or a confirmed round. No voters: no limit. */
export function majorityReached(voters: readonly NodeId[], reached: (voter: NodeId) => number): number {
  if (voters.length === 0) return Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const voter of voters) {
    const candidate = reached(voter);
    if (candidate > highest && hasMajorityAt(voters, reached, candidate)) highest = candidate;
  }
  return highest;
}

/** Counted anew for each candidate: voters are few, and this runs in every step of a leader, so nothing is allocated. */
function hasMajorityAt(voters: readonly NodeId[], reached: (voter: NodeId) => number, least: number): boolean {
  let count = 0;
  for (const voter of voters) if (reached(voter) >= least) count++;
  return count >= majoritySize(voters.length);
}

export function jointReached(membership: Membership, reached: (voter: NodeId) => number): number {
  return Math.min(majorityReached(membership.incoming, reached), majorityReached(membership.outgoing, reached));
}

/** Any two majorities share a server (§3.4). */
function majoritySize(voters: number): number {
  return Math.floor(voters / 2) + 1;
}
