import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { timelineOf } from "../../analysis/operations/timeline.ts";
import { readResults } from "../../analysis/read-results.ts";
import type { Analysis } from "../../analysis/run-in-worker.ts";
import { readTestRecord } from "../../history/read-record.ts";
import { openHistory } from "../../history/reader.ts";
import { replaceFile } from "../../history/replace-file.ts";
import { runFiles } from "../../history/test-record.ts";
import { writePage } from "../page.ts";
import type { RunMaterial } from "./digest/run.ts";
import { runReport } from "./report.ts";
import { runMarkdown } from "./view/markdown.ts";

/** Writes the page of a run folder into it, as `report.html`, and returns its path. */
export function writeReport(folder: string, analysis?: Analysis): string {
  return writeReportTo(join(folder, runFiles.report), folder, { ...(analysis && { analysis }), replaces: true });
}

/** Writes a run folder's `report.md`, for an issue tracker, and returns its path. */
export function writeMarkdown(folder: string): string {
  const file = join(folder, runFiles.markdown);
  replaceFile(file, runMarkdown(runReport.digest(materialOf(folder))));
  return file;
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
  writePage(report, runReport, materialOf(path, analysis), { replaces });
  return report;
}

function materialOf(path: string, analysis?: Analysis): RunMaterial {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  return {
    test: isFolder ? readTestRecord(path) : null,
    results: analysis?.results ?? (isFolder ? readResults(path) : null),
    timeline: analysis?.timeline ?? timelineOf(openHistory(path)),
  };
}
