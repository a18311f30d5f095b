import { OptionError } from "../../errors/errors.ts";
import { systems } from "../../sut/registry.ts";
import type { System } from "../../sut/system.ts";
import { makePlan, type Plan } from "./plan.ts";

/**
 * `makePlan` for the library, which may bring systems of its own: its errors name options as programs spell them, `readMode` and
 * not `--read-mode`.
 */
export function planForProgram(options: unknown, fallbackSeed: number, own: readonly System[] = []): Plan {
  try {
    return makePlan(options, fallbackSeed, [...systems, ...own]);
  } catch (error) {
    throw error instanceof OptionError ? error.at(error.path.map(String).join(".")) : error;
  }
}
