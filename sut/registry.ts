import { memory } from "./memory/system.ts";
import { raft } from "./raft/system.ts";
import type { System } from "./system.ts";

/** Every system that can be tested: one file and one line here. */
export const systems: readonly System[] = [raft, memory];
