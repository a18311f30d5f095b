import { OptionError } from "../../errors/errors.ts";
import { makePlan, type Plan } from "./plan.ts";

/** `makePlan` for the library: its errors name options as programs spell them, `readMode` and not `--read-mode`. */
export function planForProgram(options: unknown, fallbackSeed: number): Plan {
  try {
    return makePlan(options, fallbackSeed);
  } catch (error) {
    throw error instanceof OptionError ? error.at(error.path.map(String).join(".")) : error;
  }
}
