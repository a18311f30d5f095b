import type { RaftStatus } from "../../sut/raft/client/status.ts";
import type { NodeView } from "./local-cluster.ts";

/** What is worth a line when it changes: who does what, not how far the log has grown. */
export function describeNode({ id, state, status }: NodeView): string {
  if (status === null) return `${id} ${stateInWords[state]}`;
  const { term, leader } = status;
  const role = roleAmongMembers(status);
  if (role === "leader") return `${id} leads term ${term}`;
  if (role === "spare") return `${id} is a spare: no member, until it is added`;
  if (role === "follower") return `${id} follows ${leader ?? "no leader"} in term ${term}`;
  if (role === "learner") return `${id} learns from ${leader ?? "no leader"} in term ${term}`;
  return `${id} is a ${role} in term ${term}`;
}

/** A follower that does not vote is a learner, or a spare: no member yet, or none any more, by what its log says. */
export function roleAmongMembers({ id, role, membership }: RaftStatus): RaftStatus["role"] | "learner" | "spare" {
  const { incoming, outgoing, learners } = membership;
  if (role !== "follower" || incoming.includes(id) || outgoing.includes(id)) return role;
  return learners.includes(id) ? "learner" : "spare";
}

const stateInWords = {
  up: "is up",
  silent: "does not answer",
  paused: "is paused",
  killed: "is killed",
  exited: "has exited; its log says why",
} as const satisfies Record<NodeView["state"], string>;
