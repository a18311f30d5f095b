import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import type { Results } from "../analysis/results.ts";
import { quote } from "../errors/quote.ts";
import { parseJson } from "../history/exact-json.ts";
import { HistoryError } from "../history/history-error.ts";
import { openHistory } from "../history/reader.ts";
import { replaceFile } from "../history/replace-file.ts";
import { runFiles, type TestRecord } from "../history/test-record.ts";
import { runReport } from "./run.ts";

/**
 * Writes the report of a run folder (`report.html` in it) or of a history file (beside it, with the file's name), and
 * returns its path. Results are those given or, in a run folder, those stored there; where they or the plan are
 * missing, the page says so. A history that was converted from another file has its report `beside` that.
 */
export function writeReport(path: string, results?: Results, beside = path): string {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const report = isFolder ? join(path, runFiles.report) : reportBeside(beside);
  const html = runReport.render({
    test: isFolder ? readObject<TestRecord>(join(path, runFiles.test)) : null,
    results: results ?? (isFolder ? readObject<Results>(join(path, runFiles.results)) : null),
    history: openHistory(path),
  });
  replaceFile(report, html);
  return report;
}

/** `old/etcd.jsonl.zst` gets `old/etcd.report.html`. */
function reportBeside(file: string): string {
  return join(dirname(file), `${parse(file).name.replace(/\.jsonl$/, "")}.report.html`);
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
