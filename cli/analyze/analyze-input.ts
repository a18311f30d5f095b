import { existsSync } from "node:fs";
import { join } from "node:path";
import { analyzeRun } from "../../analysis/analyze-run.ts";
import { type ChosenModel, modelDescriptions } from "../../analysis/chosen-model.ts";
import type { Results } from "../../analysis/results.ts";
import { UsageError } from "../../controller/errors.ts";
import { HistoryError } from "../../history/history-error.ts";
import { findHistory, type HistoryFile } from "../../history/import/find-history.ts";
import { writeHistory } from "../../history/import/write-history.ts";
import { runFiles } from "../../history/test-record.ts";
import { writeReport } from "../../reports/write.ts";
import { ModelChoice } from "./choose-model.ts";
import type { AnalyzeRequest } from "./flags.ts";
import type { Input } from "./input.ts";

export interface Analysis {
  readonly results: Results;
  readonly report: string;
}

/**
 * Judges a history and writes its report. One of ours is judged where it is; one in another notation is converted
 * first, so that everything after that treats both alike.
 */
export async function analyzeInput(
  input: Input,
  request: AnalyzeRequest,
  say: (line: string) => void,
): Promise<Analysis> {
  const source = findHistory(input.path, request.format);
  if (request.independent && source.format.name !== "edn") {
    throw new UsageError(`--independent: ${input.name} is read as ${source.format.name}; only edn has such values`);
  }
  if (source.format.name !== "keelhaul") return analyzeForeign(input, source, request, say);
  const asked = request.model !== undefined || Object.keys(request.options).length > 0;
  const model =
    !asked && existsSync(join(input.path, runFiles.test)) ? undefined : modelOfOurs(input, source, request, say);
  const results = await analyzeRun(input.path, model === undefined ? {} : { model });
  return { results, report: writeReport(input.path, results, input.name) };
}

async function analyzeForeign(
  input: Input,
  { file, format }: HistoryFile,
  request: AnalyzeRequest,
  say: (line: string) => void,
): Promise<Analysis> {
  const warnings: string[] = [];
  const options = { independent: request.independent, warn: (warning: string) => void warnings.push(warning) };
  const choice = new ModelChoice(input.name, format.name, request);
  const converted = join(input.workFolder, runFiles.history);
  writeHistory(converted, choice.watch(format.events(file, options)));
  const model = choice.model();
  say(`read as ${format.name}, judged as ${described(model, request)}`);
  const judged = await analyzeRun(converted, { model, checkers: ["statistics"] });
  const results = { ...judged, warnings: [...warnings, ...judged.warnings] };
  return { results, report: writeReport(converted, results, input.name === input.path ? file : input.name) };
}

/** A history that is damaged is judged `unknown`, like one that was cut short: the analysis says where. */
function modelOfOurs(
  input: Input,
  { file, format }: HistoryFile,
  request: AnalyzeRequest,
  say: (line: string) => void,
): ChosenModel {
  const choice = new ModelChoice(input.name, format.name, request);
  const events = choice.watch(format.events(file, { independent: false, warn: () => {} }));
  try {
    while (events.next().done !== true);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
  }
  const model = choice.model();
  say(`judged as ${described(model, request)}`);
  return model;
}

function described({ name, options }: ChosenModel, request: AnalyzeRequest): string {
  const guessed = request.model === undefined ? ", guessed from its operations" : "";
  const initial = options.initial === undefined ? "" : `, at first ${JSON.stringify(options.initial)}`;
  const reads = options.nilReads === "unknown" ? "; reads of nil say nothing" : "";
  return `${name} (${modelDescriptions[name]}${initial}${reads}${guessed})`;
}
