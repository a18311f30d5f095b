import { HistoryError } from "../history/history-error.ts";
import { StoredHistory } from "../history/reader.ts";
import type { Checker, CheckerResult, HistorySource } from "./checker.ts";
import { conclude } from "./conclude.ts";
import { operationForm, operationsOf } from "./operations/build-table.ts";
import { type Timeline, timelineOf } from "./operations/timeline.ts";
import { emptyOverview, type Overview, overviewOf } from "./overview.ts";
import { readForms } from "./reading/read.ts";
import type { Results } from "./results.ts";

/** Hears of an analysis while it goes on, so that what was decided is not lost when it has to be stopped. */
export interface AnalysisListener {
  /** What begins now. */
  stage(name: string): void;
  read(overview: Overview, timeline: Timeline): void;
  result(name: string, result: CheckerResult): void;
}

/** Judges a history by every checker. None can spoil another's answer: one that throws says `unknown`. */
export function analyze(history: HistorySource, checkers: readonly Checker[], listener?: AnalysisListener): Results {
  listener?.stage("reading the history");
  readForms(history, [operationForm, ...checkers.flatMap(({ forms = [] }) => forms)]);
  const overview = readOverview(history);
  listener?.read(overview, timelineOf(history));
  const results = checkers.map((checker): [string, CheckerResult] => {
    listener?.stage(`checking ${checker.name}`);
    const result = runChecker(checker, history);
    listener?.result(checker.name, result);
    return [checker.name, result];
  });
  return conclude(Object.fromEntries(results), overview);
}

/** The warnings of a damaged history are its checkers' answers: each says that it could not be read. */
function readOverview(history: HistorySource): Overview {
  try {
    const overview = overviewOf(operationsOf(history));
    const fromFile = history instanceof StoredHistory ? history.warnings : [];
    return { ...overview, warnings: [...fromFile, ...overview.warnings] };
  } catch (error) {
    if (error instanceof HistoryError) return emptyOverview;
    throw error;
  }
}

function runChecker(checker: Checker, history: HistorySource): CheckerResult {
  try {
    return checker.check(history);
  } catch (error) {
    return failed(checker.name, error);
  }
}

function failed(name: string, error: unknown): CheckerResult {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof HistoryError) {
    const remedy = "repair or remove the line that is named, and analyse again";
    const cause = { code: error.code, reached: "the history could not be read", remedy };
    return { verdict: "unknown", summary: message, cause };
  }
  const remedy = "please report this as a bug of Keelhaul, with the history";
  const reached = error instanceof Error ? (error.stack ?? message) : message;
  return {
    verdict: "unknown",
    summary: `${name} failed: ${message}`,
    cause: { code: "checker-failed", reached, remedy },
  };
}
