import { availabilityChecker } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { registerChecker } from "./register.ts";
import { statisticsChecker } from "./statistics.ts";

/** Every checker by its name, which is also its name in `results.json`. To add one is to add a file and a line. */
export const checkers = {
  register: registerChecker,
  statistics: statisticsChecker,
  availability: availabilityChecker,
} as const satisfies Record<string, Checker>;
export type CheckerName = keyof typeof checkers;
