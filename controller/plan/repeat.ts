import { dashed } from "../../errors/option-names.ts";
import type { OptionFlag } from "./option.ts";
import { type PlainOptions, plainOptions } from "./plain-options.ts";
import type { Plan } from "./plan.ts";
import { type OptionName, optionNames, planOption } from "./plan-options.ts";

/** The options that give the same plan again, as a schedule file has them. */
export function optionsOf(plan: Plan): Readonly<Record<string, unknown>> {
  const values = optionNames.map((name) => [name, givenIn(name, plan)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The command that runs the same test again: same seed, same schedule, same operations offered. */
export function commandLine(plan: Plan): string {
  return `npx keelhaul test ${optionWords(plan).join(" ")}`;
}

/** The options that give the same plan again, as a shell takes them, without some of them. */
export function optionWords(plan: Plan, without: readonly string[] = []): readonly string[] {
  return optionNames.filter((name) => !without.includes(name)).flatMap((name) => wordsOf(name, plan));
}

/** An argument as a POSIX shell takes it. */
export function shellWord(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function wordsOf(name: OptionName, plan: Plan): readonly string[] {
  const { argumentsIn, flag } = planOption(name);
  const value = givenIn(name, plan);
  if (isSwitch(flag))
    return value === undefined ? [] : [value === false ? `--no-${dashed(name)}` : `--${dashed(name)}`];
  const given = argumentsIn?.(plan) ?? (value === undefined ? [] : [textOf(value)]);
  return given.map((argument) => `--${dashed(name)} ${shellWord(argument)}`);
}

/** What gives the option again; undefined where leaving it out does. */
function givenIn(name: OptionName, plan: Plan): unknown {
  if (!isPlain(name)) return planOption(name).valueIn?.(plan);
  const { usual, flag } = planOption(name);
  const value = plan[name];
  // A switch says the opposite of its default.
  return isSwitch(flag) && String(value) === String(usual ?? false) ? undefined : value;
}

const isPlain = (name: OptionName): name is keyof PlainOptions => name in plainOptions;

const isSwitch = (flag: OptionFlag | undefined): boolean => flag !== undefined && flag.argument === undefined;

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
