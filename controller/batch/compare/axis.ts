import type { Axis } from "../../../analysis/comparison.ts";
import { UsageError } from "../../../errors/errors.ts";
import { camelCase } from "../../../errors/option-names.ts";
import { unknownName } from "../../../errors/suggest.ts";
import { optionNames } from "../../plan/plan-options.ts";

/** What an axis cannot be: runs of one comparison share these. */
const shared: readonly string[] = ["seed", "store", "name", "schedule", "world", "set"];
const comparable = optionNames.filter((name) => !shared.includes(name));
const example = "--axis read-mode=local,read-index or --axis set.fsync=true,false";

/**
 * Reads `read-mode=local,read-index`. Values that have commas themselves are separated by semicolons. Throws a UsageError
 * that quotes what was given.
 */
export function parseAxis(text: string): Axis {
  const [, name, list] = /^([\w.-]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || list === undefined) {
    throw new UsageError(`--axis: got ${JSON.stringify(text)}; expected an option and its values, such as ${example}`);
  }
  const values = list.split(list.includes(";") ? ";" : ",").map((value) => value.trim());
  const twice = values.find((value, at) => value === "" || values.indexOf(value) !== at);
  if (twice !== undefined) {
    const problem = twice === "" ? "an empty value" : `${JSON.stringify(twice)} twice`;
    throw new UsageError(`--axis ${name}: got ${problem}; expected different values, such as ${example}`);
  }
  return { option: optionOf(name), values };
}

function optionOf(name: string): string {
  if (/^set\.\w+$/.test(name)) return name;
  const option = camelCase(name);
  if (comparable.some((known) => known === option)) return option;
  const reason = unknownName(name, comparable, `an option of keelhaul test or set.<knob>, such as ${example}`);
  throw new UsageError(`--axis: ${reason}`);
}
