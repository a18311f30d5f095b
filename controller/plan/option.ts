import type { z } from "zod";
import type { TestRecord } from "../../history/test-record.ts";
import type { Plan } from "./plan.ts";

/** The headings under which help lists options. */
export type OptionGroup = "Cluster:" | "Load:" | "Fault injection:" | "Checks:" | "Output:";

/** How the command line takes an option. */
export interface OptionFlag {
  readonly group: OptionGroup;
  /** What stands behind the flag, such as `<count>`; without it the flag is a switch. */
  readonly argument?: string;
  /** Without the default, which help adds. */
  readonly help: string;
  /** The default where it depends on other options. */
  readonly usually?: string;
  /** Reads the argument; `before` is what earlier ones of the same flag came to. Default: its text. */
  readonly parse?: (text: string, before: unknown) => unknown;
  /** Whether it can be fixed for all runs of a campaign, whose seeds choose it otherwise; a text is its help there. */
  readonly inCampaigns?: true | string;
}

/** Whether the flag takes no argument. */
export function isSwitch(flag: OptionFlag | undefined): boolean {
  return flag !== undefined && flag.argument === undefined;
}

/** One option of a plan: command line, keelhaul.yaml, library, schedule files and campaigns all read it here. */
export interface PlanOption<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** The default, as a user would type it. */
  readonly usual?: string;
  readonly flag?: OptionFlag;
  /** The field of `test.json` that shows it, where reports list it among the settings that differ from the default. */
  readonly recordedAs?: keyof TestRecord;
  /** The value that gives the same plan again, in a schedule file; undefined leaves the option out. */
  readonly valueIn?: (plan: Plan) => unknown;
  /** The arguments that give the same plan again, on a command line; undefined: those of `valueIn`. */
  readonly argumentsIn?: (plan: Plan) => readonly string[];
}

/** An option that a plan always has. `usual` is its default, as a user would type it. */
export function withDefault<Schema extends z.ZodType>(
  schema: Schema,
  usual: z.input<Schema> & (string | number | boolean),
  rest: Omit<PlanOption, "schema" | "usual">,
): PlanOption<z.ZodPrefault<Schema>> {
  return { schema: schema.prefault(usual as never), ...rest, ...(usual === false ? {} : { usual: String(usual) }) };
}

/** An option that a plan may lack. */
export function optional<Schema extends z.ZodType>(
  schema: Schema,
  rest: Omit<PlanOption, "schema" | "usual">,
): PlanOption<z.ZodOptional<Schema>> {
  return { schema: schema.optional(), ...rest };
}
