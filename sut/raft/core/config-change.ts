import { isJoint, membersOf } from "./membership.ts";
import type { Membership, NodeId } from "./types.ts";

/** One step of a change of members: the node becomes a voter or a learner, or leaves. */
export interface MemberEdit {
  readonly to: "voter" | "learner" | "removed";
  readonly node: NodeId;
}

/** Why members cannot change in this way. */
export type ConfigProblem = keyof typeof configProblems;

/** Each problem in a sentence. */
export const configProblems = {
  "no-voters": "removed all voters",
  "many-voters": "more than one voter changed without entering joint config",
  "already-joint": "config is already joint",
  "not-joint": "can't leave a non-joint config",
  "joint-without-voters": "can't make a zero-voter config joint",
  "simple-while-joint": "can't apply simple config change in joint config",
} as const;

export type ConfigResult = { readonly membership: Membership } | { readonly problem: ConfigProblem };

/** Changes the members at once, if the two sets of voters may follow each other without overlap in time (§4.1). */
export function simpleChange(
  membership: Membership,
  edits: readonly MemberEdit[],
  mayFollowAtOnce: (before: readonly NodeId[], after: readonly NodeId[]) => boolean,
): ConfigResult {
  if (isJoint(membership)) return { problem: "simple-while-joint" };
  const next = edits.reduce(edited, membership);
  if (next.incoming.length === 0) return { problem: "no-voters" };
  if (!mayFollowAtOnce(membership.incoming, next.incoming)) return { problem: "many-voters" };
  return { membership: next };
}

/** From here on the old and the new voters decide together, until the joint membership is left (§4.3). */
export function enterJoint(membership: Membership, edits: readonly MemberEdit[], autoLeave: boolean): ConfigResult {
  if (isJoint(membership)) return { problem: "already-joint" };
  if (membership.incoming.length === 0) return { problem: "joint-without-voters" };
  const next = edits.reduce(edited, { ...membership, outgoing: membership.incoming, autoLeave });
  return next.incoming.length === 0 ? { problem: "no-voters" } : { membership: next };
}

/** The new voters decide alone; voters of old that were to become learners are learners now. */
export function leaveJoint(membership: Membership): ConfigResult {
  if (!isJoint(membership)) return { problem: "not-joint" };
  const { incoming, learners, learnersNext } = membership;
  const next = { incoming, outgoing: [], learners: [...learners, ...learnersNext], learnersNext: [], autoLeave: false };
  return { membership: next };
}

/** Edits that change nothing, such as the removal of a stranger, are legal. */
function edited(membership: Membership, { to, node }: MemberEdit): Membership {
  if (to === "learner") return withLearner(membership, node);
  if (to === "removed") return without(membership, node);
  if (membership.incoming.includes(node)) return membership;
  const rest = without(membership, node);
  return { ...rest, incoming: [...rest.incoming, node] };
}

/** A voter of the outgoing set becomes a learner only when that set is left: it cannot be both. */
function withLearner(membership: Membership, node: NodeId): Membership {
  if (membership.learners.includes(node)) return membership;
  const rest = without(membership, node);
  return rest.outgoing.includes(node)
    ? { ...rest, learnersNext: [...rest.learnersNext, node] }
    : { ...rest, learners: [...rest.learners, node] };
}

function without(membership: Membership, node: NodeId): Membership {
  if (!membersOf(membership).includes(node)) return membership;
  const others = (nodes: readonly NodeId[]) => nodes.filter((other) => other !== node);
  return {
    ...membership,
    incoming: others(membership.incoming),
    learners: others(membership.learners),
    learnersNext: others(membership.learnersNext),
  };
}
