import type { NodeView } from "./local-cluster.ts";

/** What is worth a line when it changes: who does what, not how far the log has grown. */
export function describeNode({ id, state, status }: NodeView): string {
  if (status === null) return `${id} ${stateInWords[state]}`;
  const { role, term, leader } = status;
  if (role === "leader") return `${id} leads term ${term}`;
  if (role === "follower") return `${id} follows ${leader ?? "nobody"} in term ${term}`;
  return `${id} is a ${role} in term ${term}`;
}

const stateInWords = {
  up: "is up",
  silent: "does not answer",
  paused: "is paused",
  killed: "is killed",
  ended: "has ended by itself; its log says why",
} as const satisfies Record<NodeView["state"], string>;
