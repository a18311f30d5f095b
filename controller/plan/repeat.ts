import { dashed } from "../../errors/errors.ts";
import type { PlanOption } from "./option.ts";
import type { Plan } from "./plan.ts";
import { optionNames, planOption } from "./plan-options.ts";

/** The options that give the same plan again, as a schedule file has them. */
export function optionsOf(plan: Plan): Readonly<Record<string, unknown>> {
  const values = optionNames.map((name) => [name, planOption(name).valueIn?.(plan)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The command that runs the same test again: same seed, same schedule, same operations offered. */
export function commandLine(plan: Plan): string {
  const words = optionNames.flatMap((name) => wordsOf(dashed(name), planOption(name), plan));
  return `npx keelhaul test ${words.join(" ")}`;
}

function wordsOf(dashedName: string, { valueIn, argumentsIn, flag }: PlanOption, plan: Plan): readonly string[] {
  const value = valueIn?.(plan);
  if (flag !== undefined && flag.argument === undefined) {
    return value === undefined ? [] : [value === false ? `--no-${dashedName}` : `--${dashedName}`];
  }
  const given = argumentsIn?.(plan) ?? (value === undefined ? [] : [textOf(value)]);
  return given.map((argument) => `--${dashedName} ${shellWord(argument)}`);
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** An argument as a POSIX shell takes it. */
function shellWord(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
