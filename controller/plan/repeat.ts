import { dashed } from "../../errors/option-names.ts";
import { isSwitch } from "./option.ts";
import type { Plan } from "./plan.ts";
import { type OptionName, optionNames, planOption } from "./plan-options.ts";

/** The options that give the same plan again, as a schedule file has them. */
export function optionsOf(plan: Plan): Readonly<Record<string, unknown>> {
  const values = optionNames.map((name) => [name, planOption(name).valueIn?.(plan)] as const);
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
  const { valueIn, argumentsIn, flag } = planOption(name);
  const value = valueIn?.(plan);
  if (isSwitch(flag)) {
    return value === undefined ? [] : [value === false ? `--no-${dashed(name)}` : `--${dashed(name)}`];
  }
  const given = argumentsIn?.(plan) ?? (value === undefined ? [] : [textOf(value)]);
  return given.map((argument) => `--${dashed(name)} ${shellWord(argument)}`);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
