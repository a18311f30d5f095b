import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openHistory } from "../history/reader.ts";
import { runFiles, type TestRecord } from "../history/test-record.ts";
import { defaultBudget } from "./budget.ts";
import type { CheckerBudget } from "./checker.ts";
import { type CheckerName, checkers } from "./registry.ts";
import type { Results } from "./results.ts";
import { analyzeInWorker } from "./run-in-worker.ts";

export interface AnalyzeOptions {
  /** Default: all. */
  readonly checkers?: readonly CheckerName[];
  readonly budget?: CheckerBudget;
}

/**
 * Judges the history of a run folder, or of a file. A run folder gets its `results.json`. Throws HistoryError when
 * there is no history; one that is damaged or empty is judged `unknown`.
 */
export async function analyzeRun(path: string, options: AnalyzeOptions = {}): Promise<Results> {
  const names = options.checkers ?? (Object.keys(checkers) as CheckerName[]);
  const { file } = openHistory(path);
  const judged = await analyzeInWorker(file, names, options.budget ?? defaultBudget);
  if (!statSync(path).isDirectory()) return judged;
  const results = { ...judged, warnings: [...judged.warnings, ...missingFaults(path, judged)] };
  writeFileSync(join(path, runFiles.results), `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

/** A run that was to be broken and was not must not look as if it had been. */
function missingFaults(folder: string, { faults }: Results): string[] {
  const file = join(folder, runFiles.test);
  if (faults.injected > 0 || !existsSync(file)) return [];
  const test = JSON.parse(readFileSync(file, "utf8")) as TestRecord;
  const planned = test.faults.map(({ name }) => name);
  return planned.length === 0 ? [] : [`none of the planned faults was injected: ${planned.join(", ")}`];
}
