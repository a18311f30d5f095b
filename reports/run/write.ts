import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { timelineOf } from "../../analysis/operations/timeline.ts";
import type { Results } from "../../analysis/results.ts";
import type { Analysis } from "../../analysis/run-in-worker.ts";
import { quote } from "../../errors/quote.ts";
import { parseJson } from "../../history/exact-json.ts";
import { HistoryError } from "../../history/history-error.ts";
import { openHistory } from "../../history/reader.ts";
import { runFiles, type TestRecord } from "../../history/test-record.ts";
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
    test: isFolder ? readObject<TestRecord>(join(path, runFiles.test)) : null,
    results: analysis?.results ?? (isFolder ? readObject<Results>(join(path, runFiles.results)) : null),
    timeline: analysis?.timeline ?? timelineOf(openHistory(path)),
  };
  writePage(report, runReport, material, { replaces });
  return report;
}

/** What is stored beside the history; a file that holds no object was not written by us. */
function readObject<Content extends object>(path: string): Content | null {
  if (!existsSync(path)) return null;
  const content = jsonIn(path);
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content as Content;
  throw new HistoryError(path, 0, quote(content), "one JSON object");
}

function jsonIn(path: string): unknown {
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new HistoryError(path, 0, error.message, "one JSON object");
    }
    throw error;
  }
}
