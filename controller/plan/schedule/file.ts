import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UsageError } from "../../../errors/errors.ts";
import { parseJson } from "../../../errors/json.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { expected } from "../../../errors/schemas.ts";
import { describeSystemError, isSystemError } from "../../../errors/system-error.ts";
import { replaceFile } from "../../../history/replace-file.ts";
import { defaultMinLoadShare } from "../min-load.ts";
import type { Plan } from "../plan.ts";
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

/** Every option of a plan said outright, with these faults. */
export function scheduleFileOf(plan: Plan, faults: readonly ScheduleEntry[]): ScheduleFile {
  const { budgets, mutant, consistency, world } = plan;
  const inOrder = faults.toSorted((one, other) => one.atMs - other.atMs);
  return {
    options: {
      name: plan.name,
      ...{ backend: plan.backend.name, system: plan.system.name },
      ...(mutant === undefined ? {} : { mutant: mutant.id }),
      ...{ nodes: plan.nodes.length, workload: plan.workload.name, readMode: plan.readMode, seed: plan.seed },
      ...{ timeLimit: plan.timeLimitMs, rate: plan.rate, concurrency: plan.concurrency, set: plan.knobs },
      ...(world === undefined ? {} : { world }),
      ...(plan.invariants ? {} : { invariants: false }),
      ...(plan.minLoadShare === defaultMinLoadShare ? {} : { minLoad: plan.minLoadShare }),
      ...(budgets.minAnsweredShare === undefined ? {} : { minAnswered: budgets.minAnsweredShare }),
      ...(budgets.maxRecoveryMs === undefined ? {} : { maxRecovery: budgets.maxRecoveryMs }),
      ...(budgets.minChangesMadeShare === undefined ? {} : { minChangesMade: budgets.minChangesMadeShare }),
      ...(budgets.maxElectionsPerFault === undefined ? {} : { maxElections: budgets.maxElectionsPerFault }),
      ...(consistency === undefined ? {} : { consistency: consistency.join(",") }),
    },
    faults: inOrder,
  };
}

export function writeScheduleFile(file: string, schedule: ScheduleFile): void {
  const faults = schedule.faults.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  const list = faults === "" ? "[]" : `[\n${faults}\n  ]`;
  const options = JSON.stringify(schedule.options, null, 2).replaceAll("\n", "\n  ");
  replaceFile(file, `{\n  "options": ${options},\n  "faults": ${list}\n}\n`);
}
