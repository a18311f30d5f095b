import { existsSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "../errors/system-error.ts";
import { formatJson } from "../history/exact-json.ts";
import { readTestRecord } from "../history/read-record.ts";
import { openHistory } from "../history/reader.ts";
import { replaceFile } from "../history/replace-file.ts";
import { isRunFolder } from "../history/run-folder.ts";
import { runFiles, type TestRecord } from "../history/test-record.ts";
import { defaultBudget } from "./budget.ts";
import type { Cause, CheckerBudget } from "./checker.ts";
import type { CheckerName } from "./checker-names.ts";
import type { BankTerms } from "./checkers/bank.ts";
import type { ChosenModel } from "./chosen-model.ts";
import { withMutant } from "./mutant.ts";
import type { HearProgress } from "./progress.ts";
import type { Signs } from "./reading/signs.ts";
import { type CheckerTerms, checkers, withoutPlan } from "./registry.ts";
import type { Results } from "./results.ts";
import { type Analysis, analyzeInWorker } from "./run-in-worker.ts";
import type { ModelName } from "./transactions/model-table.ts";
import { modelsNamed } from "./transactions/models.ts";
import type { Judges } from "./worker.ts";

export interface AnalyzeOptions {
  /** What messages call the history's file, where that is not its path. */
  readonly name?: string;
  /** Default: those that the run's plan names; `withoutPlan` where there is none. */
  readonly checkers?: readonly CheckerName[];
  readonly budget?: CheckerBudget;
  /** What the history is compared with before that; the checkers are then those that fit any history. */
  readonly model?: ChosenModel;
  /** The history is no run's: whether it fits the model is all that its verdict says. */
  readonly imported?: true;
  /** Names checkers and model when the history has been read, by what it shows. */
  readonly choose?: {
    /** The model that it will name, where one was asked for. */
    readonly fit?: ChosenModel;
    judges(signs: Signs): Pick<AnalyzeOptions, "checkers" | "model">;
  };
  /** What transactions have to be. Default: what the run's plan says; strict-serializable where there is none. */
  readonly consistency?: readonly ModelName[];
  /** What is known of a bank that is not the workload's own. */
  readonly bank?: BankTerms;
  /** Stops judging when it aborts; what is decided by then is kept, and the rest is unknown. */
  readonly signal?: AbortSignal;
  /** Why the history ends early, where its controller knows more than the history. */
  readonly lost?: Cause;
  /** Hears how far it is. */
  readonly hear?: HearProgress;
}

/**
 * Judges the history of a run folder, or of a file. A run folder gets its `results.json`. Throws HistoryError when
 * there is no history; one that is damaged or empty is judged `unknown`.
 */
export async function analyzeRun(path: string, options: AnalyzeOptions = {}): Promise<Analysis> {
  const { file } = openHistory(path);
  const { name, choose, signal, lost, hear, budget = defaultBudget } = options;
  const judges = (asked: AnalyzeOptions): Judges => judgesOf(path, asked);
  const task = {
    file,
    ...(name !== undefined && { name }),
    judges: judges(options),
    ...(choose && { choose: { ...choose, judges: (signs: Signs) => judges(choose.judges(signs)) } }),
    terms: termsOf(path, options),
  };
  const analysis = await analyzeInWorker(task, budget, {
    ...(signal === undefined ? {} : { signal }),
    ...(lost === undefined ? {} : { lost }),
    ...(hear === undefined ? {} : { hear }),
  });
  if (!isRunFolder(path)) return analysis;
  const results = withMutant(analysis.results, readTestRecord(path)?.mutant);
  // An analysis that was interrupted says less than one that came to its end before it.
  const isKept = signal?.aborted === true && existsSync(join(path, runFiles.results));
  return { ...analysis, results: isKept ? results : stored(path, results) };
}

function judgesOf(path: string, { model, imported, checkers }: AnalyzeOptions): Judges {
  return {
    checkers: checkers ?? (model === undefined ? plannedCheckers(path) : anyHistory),
    ...(model && { model }),
    ...(imported && { imported }),
  };
}

/** The results, left in the run's folder; where that cannot be written to, with a warning. */
function stored(folder: string, results: Results): Results {
  try {
    replaceFile(join(folder, runFiles.results), `${formatJson(results, 2)}\n`);
    return results;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { ...results, warnings: [...results.warnings, `no ${runFiles.results} was written: ${error.message}`] };
  }
}

/** The plan's, but for what is asked for now. */
function termsOf(path: string, asked: AnalyzeOptions): CheckerTerms {
  const record = readTestRecord(path);
  const consistency = asked.consistency ?? recordedModels(record);
  return {
    ...(record?.budgets === undefined ? {} : { budgets: record.budgets }),
    ...(record?.reads === undefined ? {} : { reads: record.reads }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(asked.bank === undefined ? {} : { bank: asked.bank }),
  };
}

/** None where a record names a model that is no longer known. */
function recordedModels(record: TestRecord | null): readonly ModelName[] | undefined {
  const recorded = modelsNamed(record?.consistency ?? "");
  return "models" in recorded ? recorded.models : undefined;
}

const anyHistory: readonly CheckerName[] = ["statistics", "availability"];

/** In the order of the plan, whose first one tells most. One that is no longer known is left out. */
export function plannedCheckers(path: string): CheckerName[] {
  const planned = readTestRecord(path)?.checkers ?? withoutPlan;
  return planned.filter((name): name is CheckerName => Object.hasOwn(checkers, name));
}
