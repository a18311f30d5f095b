import { randomBytes } from "node:crypto";

/** What the nodes and clients of one cluster prove to each other that they know. */
export function newClusterSecret(): string {
  return randomBytes(32).toString("hex");
}
