import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

/** `--world JSON`, for every command that simulates. */
export function parseWorld(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--world: got ${quote(text)}; expected JSON such as {"network":{"lose":0.01}}`);
  }
}
