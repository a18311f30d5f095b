import type { RaftState } from "./state.ts";
import type { Membership, NodeId } from "./types.ts";

/** Members that all vote, with no change under way. */
export function votersOnly(voters: readonly NodeId[]): Membership {
  return { incoming: voters, outgoing: [], learners: [], learnersNext: [], autoLeave: false };
}

/** Everybody who gets the log, voters and learners, each once. */
export function membersOf(membership: Membership): readonly NodeId[] {
  const { incoming, outgoing, learners, learnersNext } = membership;
  return [...new Set([...incoming, ...outgoing, ...learners, ...learnersNext])];
}

/** Whether the node's vote counts, in either set (§4.3). */
export function isVoter(membership: Membership, node: NodeId): boolean {
  return membership.incoming.includes(node) || membership.outgoing.includes(node);
}

/** Whether both the old and the new voters decide (§4.3). */
export function isJoint(membership: Membership): boolean {
  return membership.outgoing.length > 0;
}

/** Every other voter, by the latest membership in this node's log. */
export function otherVoters(state: RaftState): readonly NodeId[] {
  return peersOf(state).filter((member) => isVoter(state.log.membership, member));
}

/** Every other member, by the latest membership in this node's log. */
export function peersOf(state: RaftState): readonly NodeId[] {
  return membersOf(state.log.membership).filter((member) => member !== state.config.id);
}
