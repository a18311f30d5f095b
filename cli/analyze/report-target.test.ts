import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../../errors/errors.ts";
import { reportTarget } from "./report-target.ts";

let folder: string;
let run: string;
let history: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-target-"));
  run = join(folder, "run");
  mkdirSync(run);
  writeFileSync(join(run, "test.json"), "{}");
  history = join(folder, "history.edn");
  writeFileSync(history, "");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a run has its page in its folder, replaced by each analysis", () => {
  const own = { file: join(run, "report.html"), replaces: true };
  expect(reportTarget(run, undefined)).toEqual(own);
  writeFileSync(own.file, "");
  expect(reportTarget(run, undefined)).toEqual(own);
  expect(reportTarget(run, own.file)).toEqual(own);
});

test("a history from elsewhere has a page only where it is wanted", () => {
  expect(reportTarget(history, undefined)).toBeNull();
  expect(reportTarget(folder, undefined)).toBeNull();
  const page = join(folder, "page.html");
  expect(reportTarget(history, page)).toEqual({ file: page, replaces: false });
});

test("a folder, there or named by a slash at its end, gets a report.html", () => {
  expect(reportTarget(history, folder)).toEqual({ file: join(folder, "report.html"), replaces: false });
  expect(reportTarget(history, `${folder}/new/`)).toEqual({ file: join(folder, "new/report.html"), replaces: false });
});

test("--no-report writes none, not for a run either", () => {
  expect(reportTarget(run, false)).toBeNull();
  expect(reportTarget(history, false)).toBeNull();
});

test("another file is never replaced: not the page of another analysis, and not the history", () => {
  writeFileSync(join(folder, "report.html"), "");
  for (const [path, wish] of [
    [history, folder],
    [history, history],
    [history, join(run, "test.json")],
    [run, join(folder, "report.html")],
  ] as const) {
    expect(() => reportTarget(path, wish)).toThrow(UsageError);
  }
  expect(() => reportTarget(history, history)).toThrow(`--report: ${history} exists already; choose another path`);
});
