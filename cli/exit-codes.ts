import type { Verdict } from "../analysis/verdict.ts";

/** As Jepsen's: what scripts and CI act on. */
export const exitCodes = { valid: 0, invalid: 1, unknown: 2, usage: 254, internal: 255 } as const satisfies Record<
  Verdict | "usage" | "internal",
  number
>;
