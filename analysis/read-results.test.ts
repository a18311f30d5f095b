import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runFiles } from "../history/test-record.ts";
import { analyze } from "./analyze.ts";
import { registerChecker } from "./checkers/register.ts";
import { readResults } from "./read-results.ts";
import { textHistory } from "./test-support/text-history.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-results-"));
const file = join(folder, runFiles.results);
afterAll(() => rmSync(folder, { recursive: true }));
const results = analyze(textHistory("0 invoke write 1\n0 ok write 1\n0 invoke read\n0 ok read 2"), [registerChecker]);

test("results are read as they were written", () => {
  expect(readResults(folder)).toBeNull();
  writeFileSync(file, JSON.stringify(results));
  expect(readResults(folder)).toEqual(JSON.parse(JSON.stringify(results)));
});

test("results that no analysis wrote are refused with file, field, value and what was expected", () => {
  writeFileSync(file, JSON.stringify({ ...results, verdict: "valdi" }));
  expect(() => readResults(folder)).toThrow(`${file}: verdict: got "valdi"; did you mean "valid"?`);
  writeFileSync(file, JSON.stringify({ ...results, checkers: { register: { verdict: "valid" } } }));
  expect(() => readResults(folder)).toThrow(`${file}: checkers.register.summary: is missing; expected text`);
});
