import { z } from "zod";
import type { TrialOptions } from "../controller/batch/trials/trial.ts";
import { makePlan, type Plan } from "../controller/plan/plan.ts";
import { optionNames } from "../controller/plan/plan-options.ts";
import { placeIn, readScheduleFile } from "../controller/plan/schedule/file.ts";
import { OptionError } from "../errors/errors.ts";
import { parseWith } from "../errors/parse-with.ts";
import { expected, flag, wholeNumber } from "../errors/schemas.ts";
import { sim } from "../hosts/sim/backend.ts";
import { type OptionFile, readConfigFile } from "./config-file.ts";

/** Options of `keelhaul test` as they were typed. */
export interface TestFlags {
  readonly config?: string;
  readonly schedule?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly [option: string]: unknown;
}

/** What the command does with a plan; a program has no need of these. */
const commandSchema = z.object({
  schedule: z.string(expected("a file such as a run's schedule.json")).optional(),
  shrink: flag.default(false),
  json: flag.default(false),
  quiet: flag.default(false),
  mutantSeeds: wholeNumber(1, 1_000_000).optional(),
});

export interface TestRequest extends Omit<z.output<typeof commandSchema>, "schedule"> {
  readonly plan: Plan;
  /** What the plan was made from, for runs of the same with other seeds. */
  readonly options: TrialOptions;
  /** Whether the plan's seed was drawn for a mutant in simulated runs, so that one that detects it may be looked for. */
  readonly seedIsOpen: boolean;
}

/**
 * Options from the command line, from `--schedule` and from `--config`, each winning over the next. Throws a UsageError that
 * names the place where a wrong option was given.
 */
export async function readTestOptions({ config, ...flags }: TestFlags, fallbackSeed: number): Promise<TestRequest> {
  const known = [...new Set([...optionNames, ...Object.keys(commandSchema.shape)])];
  const files = config === undefined ? [] : [await readConfigFile(config, known)];
  try {
    const { schedule, ...command } = commandOptions({ ...files[0]?.options, ...flags });
    if (schedule !== undefined) files.push(await readSchedule(schedule));
    const set = Object.assign({}, ...files.map(({ options }) => options["set"]), flags.set);
    const options = { ...Object.assign({}, ...files.map((file) => file.options)), ...planOptions(flags), set };
    const planned = planOptions(options);
    const plan = makePlan(planned, fallbackSeed);
    if (command.shrink && plan.backend.kind !== "simulated") {
      throw new OptionError(["shrink"], `works only with --backend ${sim.name}; this run uses ${plan.backend.name}`);
    }
    const { seed, schedule: faults } = planned;
    const isMutant = plan.mutant !== undefined && plan.backend.kind === "simulated";
    const seedIsOpen = isMutant && seed === undefined && faults === undefined;
    if (command.mutantSeeds !== undefined && !seedIsOpen) {
      throw new OptionError(
        ["mutantSeeds"],
        "works only with --mutant and --backend sim, without --seed and --schedule",
      );
    }
    return { ...command, plan, options: planned, seedIsOpen };
  } catch (error) {
    throw error instanceof OptionError ? whereGiven(error, flags, files) : error;
  }
}

function commandOptions(options: Readonly<Record<string, unknown>>): z.output<typeof commandSchema> {
  const parsed = parseWith(commandSchema, options);
  if (parsed.objection === undefined) return parsed.data;
  throw new OptionError(parsed.objection.path, parsed.objection.problem);
}

function planOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = Object.keys(commandSchema.shape);
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => !own.includes(name) || isFaults(value)));
}

/** A schedule that was read, and not the name of its file. */
function isFaults(value: unknown): boolean {
  return typeof value === "object";
}

async function readSchedule(file: string): Promise<OptionFile> {
  const { options, faults } = await readScheduleFile(file);
  const placeOf = ([option, ...inside]: readonly PropertyKey[]): string =>
    placeIn(file, option === "schedule" ? inside : ["options", option!, ...inside]);
  return { options: { ...options, schedule: { faults, file } }, placeOf };
}

/** The error as the user should read it: of the command line, or of the file that the option came from. */
function whereGiven(error: OptionError, flags: TestFlags, files: readonly OptionFile[]): Error {
  const [option, knob] = error.path.map(String);
  const has = (options: Readonly<Record<string, unknown>>): boolean => {
    if (!Object.hasOwn(options, option!)) return false;
    return option !== "set" || knob === undefined || Object.hasOwn(Object(options["set"]), knob);
  };
  if (has(planOptions(flags))) return error;
  const file = files.findLast(({ options }) => has(options));
  return file === undefined ? error : error.at(file.placeOf(error.path));
}

/** Small enough to type again. */
export function drawSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}
