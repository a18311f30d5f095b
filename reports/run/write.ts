import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "../../analysis/results.ts";
import { quote } from "../../errors/quote.ts";
import { parseJson } from "../../history/exact-json.ts";
import { HistoryError } from "../../history/history-error.ts";
import { openHistory } from "../../history/reader.ts";
import { runFiles, type TestRecord } from "../../history/test-record.ts";
import { writePage } from "../page.ts";
import { runReport } from "./report.ts";

/** Writes the page of a run folder into it, as `report.html`, and returns its path. */
export function writeReport(folder: string, results?: Results): string {
  return writeReportTo(join(folder, runFiles.report), folder, { ...(results && { results }), replaces: true });
}

/**
 * Writes the page of a run folder or a history file, and returns where. Results are those given or, in a folder, those
 * stored there; the page says if they or the plan are missing. Fails on a file that exists, unless it `replaces` that.
 */
export function writeReportTo(
  report: string,
  path: string,
  { results, replaces }: { readonly results?: Results; readonly replaces: boolean },
): string {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const material = {
    test: isFolder ? readObject<TestRecord>(join(path, runFiles.test)) : null,
    results: results ?? (isFolder ? readObject<Results>(join(path, runFiles.results)) : null),
    history: openHistory(path),
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
