import { readModes } from "./raft/core/types.ts";
import type { System } from "./system.ts";

/**
 * What help says of each system. It loads none of them, because a system brings its drivers and its simulator along;
 * `registry.ts` has the systems themselves.
 */
export const systemCatalog = [
  { name: "raft", readModes, defaultReadMode: "read-index" },
  { name: "memory", readModes: ["atomic"], defaultReadMode: "atomic" },
] as const satisfies readonly Pick<System, "name" | "readModes" | "defaultReadMode">[];
