import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UsageError } from "../../../errors/errors.ts";
import { parseJson } from "../../../errors/json.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { expected } from "../../../errors/schemas.ts";
import { describeSystemError, isSystemError } from "../../../errors/system-error.ts";
import { replaceFile } from "../../../history/replace-file.ts";
import type { Plan } from "../plan.ts";
import { optionsOf } from "../repeat.ts";
import { type ScheduleEntry, scheduleEntrySchema } from "./entry.ts";

/** A schedule in a file: the plan's options, and its faults in the order of their times. See docs/simulator.md. */
export interface ScheduleFile {
  readonly options: Readonly<Record<string, unknown>>;
  readonly faults: readonly ScheduleEntry[];
}

const schema = z.strictObject({
  options: z.record(z.string(), z.unknown(), expected('options such as {"nodes":3}')).default({}),
  faults: z.array(scheduleEntrySchema, expected("a list of faults")),
});

/** Throws a UsageError that names the file, the place in it, the value and what was expected. */
export async function readScheduleFile(file: string): Promise<ScheduleFile> {
  const parsed = parseWith(schema, await contentOf(file));
  if (parsed.objection === undefined) return parsed.data;
  const { path, problem } = parsed.objection;
  throw new UsageError(`${placeIn(file, path)}: ${problem}`);
}

/** Where in a schedule file something is, as messages name it. */
export function placeIn(file: string, path: readonly PropertyKey[]): string {
  return path.length === 0 ? `--schedule ${file}` : `--schedule ${file}: ${path.map(String).join(".")}`;
}

async function contentOf(file: string): Promise<unknown> {
  try {
    return parseJson(await readFile(file, "utf8"));
  } catch (error) {
    if (isSystemError(error)) throw new UsageError(`--schedule: ${describeSystemError(error, file)}`);
    throw new UsageError(`--schedule ${file}: ${messageOf(error)}`);
  }
}

/** Every option of a plan, with these faults. */
export function scheduleFileOf(plan: Plan, faults: readonly ScheduleEntry[]): ScheduleFile {
  return { options: optionsOf(plan), faults: faults.toSorted((one, other) => one.atMs - other.atMs) };
}

export function writeScheduleFile(file: string, schedule: ScheduleFile): void {
  const faults = schedule.faults.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  const list = faults === "" ? "[]" : `[\n${faults}\n  ]`;
  const options = JSON.stringify(schedule.options, null, 2).replaceAll("\n", "\n  ");
  replaceFile(file, `{\n  "options": ${options},\n  "faults": ${list}\n}\n`);
}
