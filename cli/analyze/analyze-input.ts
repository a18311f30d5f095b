import { join } from "node:path";
import { type AnalyzeOptions, analyzeRun, plannedCheckers } from "../../analysis/analyze-run.ts";
import { type ChosenModel, modelDescriptions } from "../../analysis/chosen-model.ts";
import type { GuessedChecker } from "../../analysis/guess-model.ts";
import type { Signs } from "../../analysis/reading/signs.ts";
import type { Results } from "../../analysis/results.ts";
import type { Analysis } from "../../analysis/run-in-worker.ts";
import { UsageError } from "../../errors/errors.ts";
import { requireHistoryWithin } from "../../history/decompressed-size.ts";
import { formatJson } from "../../history/exact-json.ts";
import { HistoryError } from "../../history/history-error.ts";
import { findHistory, type HistoryFile, historyFileOf } from "../../history/import/find-history.ts";
import type { ImportFormat } from "../../history/import/format.ts";
import { json } from "../../history/import/json.ts";
import { writingHistory } from "../../history/import/write-history.ts";
import { isRunFolder } from "../../history/run-folder.ts";
import { runFiles } from "../../history/test-record.ts";
import { writeReportTo } from "../../reports/run/write.ts";
import { type Reported, withReport } from "../write-report.ts";
import { ModelChoice } from "./choose-model.ts";
import { type AnalyzeRequest, requireConsistency } from "./flags.ts";
import type { Input } from "./input.ts";
import { type AnalysisControls, readInTurns } from "./read-in-turns.ts";
import { makeFolderOf, type ReportTarget, reportTarget } from "./report-target.ts";

/**
 * Judges a history, and writes its page where that is wanted. One of ours is judged where it is; one in another notation
 * is converted first, so that everything after that treats both alike. Throws HistoryError on what is no history.
 */
export async function analyzeInput(
  input: Input,
  request: AnalyzeRequest,
  controls: AnalysisControls,
): Promise<Reported> {
  try {
    return await analyzeWhereItIs(input, request, controls);
  } catch (error) {
    throw error instanceof HistoryError && error.file === input.path ? error.named(input.name) : error;
  }
}

async function analyzeWhereItIs(input: Input, request: AnalyzeRequest, controls: AnalysisControls): Promise<Reported> {
  await requireHistoryWithin(historyFileOf(input.path), request.maxHistoryBytes);
  const source = findHistory(input.path, request.format);
  const target = reportTarget(input.path, request.report);
  if (request.independent && source.format.independent !== true) {
    throw new UsageError(
      `--independent: ${input.name} is read as ${source.format.name}, which has no [key value] pairs`,
    );
  }
  if (source.format.name !== "keelhaul") {
    return analyzeConverted(await convert(input, source, request, controls), request, controls, target);
  }
  const terms = termsOfOurs(input, source, request, controls);
  const name = input.name === input.path ? {} : { name: input.name };
  const analysis = await analyzeRun(input.path, { ...terms, ...name, ...costOf(request), ...heard(controls) });
  const mayBeOther = request.format === undefined && source.file === input.path && isDamaged(analysis.results);
  const other = mayBeOther
    ? await ifReadable(() => convert(input, { ...source, format: json }, request, controls))
    : null;
  if (other !== null && !controls.signal.aborted) return analyzeConverted(other, request, controls, target);
  return reported(input.path, analysis, controls, target);
}

function heard({ signal, hear }: AnalysisControls): Pick<AnalyzeOptions, "signal" | "hear"> {
  return { signal, hear };
}

/** With its page where one is wanted, unless the analysis was interrupted: then the next one writes it. */
function reported(
  path: string,
  analysis: Analysis,
  { signal, hear }: AnalysisControls,
  target: ReportTarget | null,
): Reported {
  const { results } = analysis;
  if (target === null || signal.aborted) return { results, report: null };
  hear({ stage: "writing the report", events: 0 });
  return withReport(results, () => {
    makeFolderOf(target);
    return writeReportTo(target.file, path, { analysis, replaces: target.replaces });
  });
}

/** What was asked for; else the plan of a run, and for a history without one the model that it fits. */
function termsOfOurs(
  input: Input,
  source: HistoryFile,
  request: AnalyzeRequest,
  controls: AnalysisControls,
): AnalyzeOptions {
  const { checkers, consistency } = request;
  if (checkers !== undefined) return { checkers, ...(consistency === undefined ? {} : { consistency }) };
  const asked = request.model !== undefined || Object.keys(request.options).length > 0;
  if (asked || !isRunFolder(input.path)) return modelOfOurs(input, source, request, controls);
  if (consistency === undefined) return {};
  requireConsistency("this run", plannedCheckers(input.path));
  return { consistency };
}

function isDamaged({ checkers }: Results): boolean {
  return Object.values(checkers).every(({ cause }) => cause?.code === "damaged-history");
}

/** What is no history of ours may be one of another recorder, whose lines may look the same and are less strict. */
async function ifReadable(read: () => Promise<Converted>): Promise<Converted | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HistoryError) return null;
    throw error;
  }
}

/** What an analysis may spend, and what a history does not say of itself. */
function costOf({ budget, bank }: AnalyzeRequest): Pick<AnalyzeOptions, "budget" | "bank"> {
  return { budget, ...(bank === undefined ? {} : { bank }) };
}

/** A history of another recorder in our notation, and what is known of it since. */
interface Converted {
  readonly file: string;
  readonly format: ImportFormat;
  readonly choice: ModelChoice;
  readonly warnings: readonly string[];
}

/** Throws HistoryError on what is no history in the format of the source. */
async function convert(
  input: Input,
  source: HistoryFile,
  request: AnalyzeRequest,
  controls: AnalysisControls,
): Promise<Converted> {
  const warnings: string[] = [];
  const options = { independent: request.independent, warn: (warning: string) => void warnings.push(warning) };
  const file = join(input.workFolder, runFiles.history);
  const choice = new ModelChoice(input.name, source.format, request);
  await readInTurns(writingHistory(file, choice.watch(source.format.events(source.file, options))), controls);
  return { file, format: source.format, choice, warnings: [...warnings, ...choice.warnings()] };
}

async function analyzeConverted(
  { file, format, choice, warnings }: Converted,
  request: AnalyzeRequest,
  controls: AnalysisControls,
  target: ReportTarget | null,
): Promise<Reported> {
  if (controls.signal.aborted) return interrupted(file, controls);
  const { checkers, consistency } = request;
  let terms: AnalyzeOptions;
  if (checkers === undefined) {
    const judge = choice.judge();
    controls.say(`read as ${format.name}, judged ${described(judge, request)}`);
    terms =
      "checker" in judge
        ? { checkers: [judge.checker, "statistics"] }
        : { model: judge, checkers: ["statistics"], ...(choice.isEmpty ? {} : { imported: true }) };
  } else {
    controls.say(`read as ${format.name}`);
    terms = { checkers, ...(consistency === undefined ? {} : { consistency }) };
  }
  const judged = await analyzeRun(file, { ...terms, ...costOf(request), ...heard(controls) });
  const results = { ...judged.results, warnings: [...warnings, ...judged.results.warnings] };
  return reported(file, { ...judged, results }, controls, target);
}

/** The verdict on a history that was not read to its end. */
async function interrupted(path: string, controls: AnalysisControls): Promise<Reported> {
  const { results } = await analyzeRun(path, { checkers: ["statistics"], ...heard(controls) });
  return { results, report: null };
}

/** Chosen when the history has been read, by what it shows. */
function modelOfOurs(
  input: Input,
  { format }: HistoryFile,
  request: AnalyzeRequest,
  controls: AnalysisControls,
): AnalyzeOptions {
  const choice = new ModelChoice(input.name, format, request);
  const judges = (signs: Signs): AnalyzeOptions => {
    const judge = choice.judgeOf(signs);
    controls.say(`judged ${described(judge, request)}`);
    return "checker" in judge ? { checkers: [judge.checker, "statistics"] } : { model: judge };
  };
  return { choose: { ...(choice.asked && { fit: choice.asked }), judges } };
}

function described(judge: ChosenModel | GuessedChecker, request: AnalyzeRequest): string {
  if ("checker" in judge) return `by the checker ${judge.checker}, guessed from its operations`;
  const { name, options, consistency } = judge;
  const guessed = request.model === undefined ? ", guessed from its operations" : "";
  const initial = options.initial === undefined ? "" : `, at first ${formatJson(options.initial)}`;
  const reads = options.nilReads === "unknown" ? "; reads of nil say nothing" : "";
  const asked = consistency === undefined ? "" : `, ${consistency.join(", ")}`;
  return `as ${name} (${modelDescriptions[name]}${initial}${reads}${asked}${guessed})`;
}
