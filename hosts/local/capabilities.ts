import type { Capability } from "../host.ts";

export const localCapabilities: ReadonlySet<Capability> = new Set<Capability>(["kill", "pause", "cut"]);
