import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "../analysis/results.ts";
import { openHistory } from "../history/reader.ts";
import { runFiles, type TestRecord } from "../history/test-record.ts";
import { runReport } from "./run.ts";

/**
 * Writes `report.html` into a run folder from what else is there, and returns its path. The plan or the results may
 * be missing: the page then says so.
 */
export function writeReport(runFolder: string): string {
  const path = join(runFolder, runFiles.report);
  const html = runReport.render({
    test: readJson<TestRecord>(join(runFolder, runFiles.test)),
    results: readJson<Results>(join(runFolder, runFiles.results)),
    history: openHistory(runFolder),
  });
  writeFileSync(path, html);
  return path;
}

function readJson<Content>(path: string): Content | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Content) : null;
}
