import { Option } from "commander";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

/** `--set name=value`, for every command that starts a store. */
export function knobOption(): Option {
  return new Option(
    "--set <knob=value>",
    "set a knob of the store, such as electionTimeoutMs=300; repeatable (docs/raft.md lists the knobs of raft)",
  ).argParser(collectKnobs);
}

/** `name=value,…`; a comma that no name follows belongs to the value. */
function collectKnobs(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const pairs = text.split(/,(?=[^,=]+=)/).map((pair) => pair.split("=") as [string, string?]);
  for (const [knob, value] of pairs) {
    if (!knob || value === undefined) throw new UsageError(`--set: got ${quote(text)}; expected name=value`);
  }
  return { ...before, ...Object.fromEntries(pairs) };
}
