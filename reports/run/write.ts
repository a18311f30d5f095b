import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { timelineOf } from "../../analysis/operations/timeline.ts";
import { readResults } from "../../analysis/read-results.ts";
import type { Analysis } from "../../analysis/run-in-worker.ts";
import { readTestRecord } from "../../history/read-record.ts";
import { openHistory } from "../../history/reader.ts";
import { runFiles } from "../../history/test-record.ts";
import { writePage } from "../page.ts";
import { runReport } from "./report.ts";

/** Writes the page of a run folder into it, as `report.html`, and returns its path. */
export function writeReport(folder: string, analysis?: Analysis): string {
  return writeReportTo(join(folder, runFiles.report), folder, { ...(analysis && { analysis }), replaces: true });
}

/**
 * Writes the page of a run folder or a history file, and returns where. Without an analysis the history is read, and
 * results are those stored in the folder; the page says if they or the plan are missing. Fails on a file that exists,
 * unless it `replaces` that.
 */
export function writeReportTo(
  report: string,
  path: string,
  { analysis, replaces }: { readonly analysis?: Analysis; readonly replaces: boolean },
): string {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const material = {
    test: isFolder ? readTestRecord(path) : null,
    results: analysis?.results ?? (isFolder ? readResults(path) : null),
    timeline: analysis?.timeline ?? timelineOf(openHistory(path)),
  };
  writePage(report, runReport, material, { replaces });
  return report;
}
