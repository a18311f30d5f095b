import type { FaultDigest } from "../digest/types.ts";

/** `network cut (leader) n1`. */
export function faultText({ label, fault, variant, nodes, effective, change }: FaultDigest): string {
  const form = variant === fault ? "" : ` (${variant})`;
  return `${label}${form} ${nodes.join(", ")}${effective ? "" : change ? " - not made" : " - NO EFFECT"}`;
}
