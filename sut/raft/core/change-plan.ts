import { enterJoint, type MemberEdit, simpleChange } from "./config-change.ts";
import { isVoter, membersOf } from "./membership.ts";
import type { Rules } from "./rules.ts";
import type { Membership, NodeId } from "./types.ts";

/** A wish for other members. `replace` names all voters that there shall be; learners that it does not name stay. */
export type MembershipChange =
  | { readonly type: "add-learner"; readonly node: NodeId }
  /** Makes a learner a voter, if it has caught up. */
  | { readonly type: "promote"; readonly node: NodeId }
  /** Makes any server a voter at once, with an empty log even: until it has caught up, it is missed in majorities. */
  | { readonly type: "add-voter"; readonly node: NodeId }
  | { readonly type: "demote"; readonly node: NodeId }
  | { readonly type: "remove"; readonly node: NodeId }
  | { readonly type: "replace"; readonly voters: readonly NodeId[] };

/** Why a change was refused; the members are what they were. */
export type ChangeRefusal =
  | "change-in-flight"
  | "not-ready"
  | "unknown-member"
  | "already-member"
  | "learner-behind"
  | "last-voter";

/** The nodes that a change names. */
export function nodesOf(change: MembershipChange): readonly NodeId[] {
  return change.type === "replace" ? change.voters : [change.node];
}

/** The membership that a change leads to, joint when more than one voter changes (§4.3), or why there is none. */
export function planChange(
  membership: Membership,
  change: MembershipChange,
  rules: Rules,
): Membership | Extract<ChangeRefusal, "unknown-member" | "already-member" | "last-voter"> {
  const edits = change.type === "replace" ? replacing(membership, change.voters) : [editOf(change)];
  const obstacle = change.type === "replace" ? null : obstacleTo(membership, change);
  if (obstacle !== null) return obstacle;
  if (edits.length === 0) return "already-member";
  const simple = simpleChange(membership, edits, rules.votersMayFollowAtOnce);
  if ("membership" in simple) return simple.membership;
  const joint = enterJoint(membership, edits, true);
  return "membership" in joint ? joint.membership : "last-voter";
}

type OneMember = Exclude<MembershipChange, { type: "replace" }>;

const target = {
  "add-learner": "learner",
  promote: "voter",
  "add-voter": "voter",
  demote: "learner",
  remove: "removed",
} as const satisfies Record<OneMember["type"], MemberEdit["to"]>;

function editOf({ type, node }: OneMember): MemberEdit {
  return { to: target[type], node };
}

/** What the node must be, or must not be yet, for the change to make sense. */
function obstacleTo(membership: Membership, { type, node }: OneMember): "unknown-member" | "already-member" | null {
  const isMember = membersOf(membership).includes(node);
  const votes = isVoter(membership, node);
  if (type === "add-learner") return isMember ? "already-member" : null;
  if (type === "add-voter") return votes ? "already-member" : null;
  if (!isMember) return "unknown-member";
  const done = type === "promote" ? votes : type === "demote" && !votes;
  return done ? "already-member" : null;
}

function replacing(membership: Membership, voters: readonly NodeId[]): MemberEdit[] {
  const added = [...new Set(voters)].filter((node) => !membership.incoming.includes(node));
  const removed = membership.incoming.filter((node) => !voters.includes(node));
  return [
    ...added.map((node): MemberEdit => ({ to: "voter", node })),
    ...removed.map((node): MemberEdit => ({ to: "removed", node })),
  ];
}
