import type { RoleSegment } from "../digest/types.ts";

const ownFill = ["candidate", "pre-candidate", "unreachable", "down"] as const;

/** Which fill shows a role: a node that leads, one in a state of its own, or any other that serves. */
export function roleFill({ role, leads }: Pick<RoleSegment, "role" | "leads">): string {
  if (leads) return "leader";
  return ownFill.find((known) => known === role) ?? "follower";
}
