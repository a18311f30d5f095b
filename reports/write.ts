import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import type { Results } from "../analysis/results.ts";
import { parseJson } from "../history/exact-json.ts";
import { openHistory } from "../history/reader.ts";
import { runFiles, type TestRecord } from "../history/test-record.ts";
import { runReport } from "./run.ts";

/**
 * Writes the report of a run folder (`report.html` in it) or of a history file (beside it, with the file's name), and
 * returns its path. Results are those given or, in a run folder, those stored there; where they or the plan are
 * missing, the page says so. A history that was converted from another file has its report `beside` that.
 */
export function writeReport(path: string, results?: Results, beside = path): string {
  const isFolder = statSync(path).isDirectory();
  const report = isFolder ? join(path, runFiles.report) : reportBeside(beside);
  const html = runReport.render({
    test: isFolder ? readJson<TestRecord>(join(path, runFiles.test)) : null,
    results: results ?? (isFolder ? readJson<Results>(join(path, runFiles.results)) : null),
    history: openHistory(path),
  });
  writeFileSync(report, html);
  return report;
}

/** `old/etcd.jsonl.zst` gets `old/etcd.report.html`. */
function reportBeside(file: string): string {
  return join(dirname(file), `${parse(file).name.replace(/\.jsonl$/, "")}.report.html`);
}

function readJson<Content>(path: string): Content | null {
  return existsSync(path) ? (parseJson(readFileSync(path, "utf8")) as Content) : null;
}
