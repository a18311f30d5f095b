import { type ChosenModelName, isTransactionModel, modelDescriptions } from "../../analysis/chosen-model.ts";
import type { ModelOptions } from "../../analysis/models/model.ts";
import { UsageError } from "../../controller/errors.ts";
import type { ImportFormat } from "../../history/import/format.ts";
import { importFormats } from "../../history/import/registry.ts";

/** The options of `keelhaul analyze`, as they were typed. */
export interface AnalyzeFlags {
  readonly format?: string;
  readonly model?: string;
  readonly initial?: string;
  readonly nilRead?: string;
  readonly independent?: true;
  readonly json?: true;
}

/** What was asked for; what is left out is to be guessed. Throws UsageError. */
export interface AnalyzeRequest {
  readonly format?: ImportFormat;
  readonly model?: ChosenModelName;
  readonly options: ModelOptions;
  readonly independent: boolean;
}

export function readFlags(flags: AnalyzeFlags): AnalyzeRequest {
  const format = flags.format === undefined ? undefined : formatNamed(flags.format);
  const model = flags.model === undefined ? undefined : modelNamed(flags.model);
  const options = {
    ...(flags.initial === undefined ? {} : { initial: parseInitial(flags.initial) }),
    ...(flags.nilRead === undefined ? {} : { nilReads: nilReads(flags.nilRead) }),
  };
  return {
    ...(format === undefined ? {} : { format }),
    ...(model === undefined ? {} : { model }),
    options,
    independent: flags.independent === true,
  };
}

/** Transactions begin on nothing, and read nothing where there is nothing: their checkers know no other way. */
export function refuseOptions(model: ChosenModelName, options: ModelOptions): void {
  const given = Object.keys(options).map((name) => (name === "initial" ? "--initial" : "--nil-read"));
  if (!isTransactionModel(model) || given.length === 0) return;
  throw new UsageError(`${given.join(" and ")}: ${model} has no such option; leave it out, or choose another --model`);
}

function formatNamed(name: string): ImportFormat {
  const format = importFormats.find((known) => known.name === name);
  if (format !== undefined) return format;
  throw new UsageError(`--format: got ${JSON.stringify(name)}; expected one of ${formatNames}`);
}

export const formatNames = importFormats.map(({ name }) => name).join(", ");

function modelNamed(name: string): ChosenModelName {
  if (Object.hasOwn(modelDescriptions, name)) return name as ChosenModelName;
  const names = Object.keys(modelDescriptions).join(", ");
  throw new UsageError(`--model: got ${JSON.stringify(name)}; expected one of ${names}`);
}

function parseInitial(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`--initial: got ${JSON.stringify(text)}; expected JSON, such as 0, '"text"' or '{"x":0}'`);
  }
}

function nilReads(text: string): "absent" | "unknown" {
  if (text === "absent" || text === "unknown") return text;
  throw new UsageError(`--nil-read: got ${JSON.stringify(text)}; expected absent or unknown`);
}
