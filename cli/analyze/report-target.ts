import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../../errors/errors.ts";
import { isRunFolder } from "../../history/run-folder.ts";
import { runFiles } from "../../history/test-record.ts";

/** `--report PATH`, `--no-report`, or neither. */
export type ReportWish = string | false | undefined;

/** Where the page of an analysis is written. Only a run's own page is replaced. */
export interface ReportTarget {
  readonly file: string;
  readonly replaces: boolean;
}

/**
 * A run has its own page, which an analysis brings up to date; a history from elsewhere gets one only where its user
 * wants it, because its folder is not ours. Null: no page. Throws UsageError if the page would replace another one.
 */
export function reportTarget(path: string, wish: ReportWish): ReportTarget | null {
  const ofRun = join(path, runFiles.report);
  if (wish === false) return null;
  if (wish === undefined) return isRunFolder(path) ? { file: ofRun, replaces: true } : null;
  const file = isFolder(wish) ? join(wish, runFiles.report) : wish;
  const replaces = isRunFolder(path) && resolve(file) === resolve(ofRun);
  if (replaces || !existsSync(file)) return { file, replaces };
  throw new UsageError(`--report: ${file} exists already; choose another path or remove it`);
}

/** Makes the folder that a page is written into, if it is missing. */
export function makeFolderOf({ file }: ReportTarget): void {
  mkdirSync(dirname(file), { recursive: true });
}

function isFolder(path: string): boolean {
  return path.endsWith("/") || (existsSync(path) && statSync(path).isDirectory());
}
