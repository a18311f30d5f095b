import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

export const knobsHelp =
  "set a knob of the store, such as electionTimeoutMs=300; repeatable (docs/raft.md lists the knobs of raft)";

/** The knobs of `--set name=value,…`, added to those before; a comma that no name follows belongs to the value. */
export function collectKnobs(text: string, before: unknown): Readonly<Record<string, unknown>> {
  const pairs = text.split(/,(?=[^,=]+=)/).map((pair) => pair.split("=") as [string, string?]);
  for (const [knob, value] of pairs) {
    if (!knob || value === undefined) throw new UsageError(`--set: got ${quote(text)}; expected name=value`);
  }
  return { ...(typeof before === "object" ? before : {}), ...Object.fromEntries(pairs) };
}

/** The settings of `--world JSON`. */
export function parseWorld(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--world: got ${quote(text)}; expected JSON such as {"network":{"lose":0.01}}`);
  }
}
