import type { Capability } from "../host.ts";

export const dockerCapabilities: ReadonlySet<Capability> = new Set<Capability>(["kill", "pause", "cut"]);
