import { z } from "zod";
import { OptionError, UsageError } from "../../errors/errors.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { expectedObject } from "../../errors/schemas.ts";
import type { PlanOption } from "./option.ts";
import { planOptions } from "./options.ts";

type Options = typeof planOptions;
export type OptionName = keyof Options;

/** Every option by its name in camel case. */
export const optionNames = Object.keys(planOptions) as readonly OptionName[];

/** Options of a test, from the command line, `keelhaul.yaml` or a program; each with its default. */
const planSchema = z.strictObject(
  Object.fromEntries(optionNames.map((name) => [name, planOptions[name].schema])) as {
    -readonly [Name in OptionName]: Options[Name]["schema"];
  },
  expectedObject("an object with options"),
);
export type PlanOptions = z.input<typeof planSchema>;

export function planOption(name: OptionName): PlanOption {
  return planOptions[name];
}

/** Options with their defaults filled in. Throws an OptionError that names the option, its value and what was expected. */
export function parseOptions(options: unknown): z.output<typeof planSchema> {
  const parsed = parseWith(planSchema, options, "option");
  if (parsed.objection === undefined) return parsed.data;
  const { objection } = parsed;
  if (objection.path.length === 0) throw new UsageError(`options: ${objection.problem}`);
  throw new OptionError(objection.path, objection.problem);
}
