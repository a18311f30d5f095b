import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTestRecord } from "./read-record.ts";
import { runFiles } from "./test-record.ts";
import { aTestRecord } from "./test-support/test-record.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-record-"));
const file = join(folder, runFiles.test);
afterAll(() => rmSync(folder, { recursive: true }));

test("a record is read as it was written, with fields of later releases", () => {
  const record = { ...aTestRecord({ checkers: ["register"], world: { lossPercent: 1 } }), clusterName: "a" };
  writeFileSync(file, JSON.stringify(record));
  expect(readTestRecord(folder)).toEqual(record);
  expect(readTestRecord(join(folder, "none"))).toBeNull();
});

test.each([
  ["a value of another type", { ...aTestRecord(), seed: "seven" }, 'seed: got "seven"; expected a number'],
  ["a field that is missing", { ...aTestRecord(), faults: undefined }, "faults: is missing; expected a list"],
  ["what is inside of a field", { ...aTestRecord(), nodes: ["n1", 2] }, "nodes.1: got 2; expected text"],
  ["names of reads that are none", aTestRecord({ reads: [7] as never }), "reads.0: got 7; expected text"],
  ["a time that is none", aTestRecord({ startedAt: "now" }), 'startedAt: got "now"; expected a time such as 2026-'],
  ["another kind of file", [1], "got [1]; expected an object"],
])("%s is refused with file, field, value and what was expected", (_, content, message) => {
  writeFileSync(file, JSON.stringify(content));
  expect(() => readTestRecord(folder)).toThrow(`${file}: ${message}`);
});

test("what is no JSON is refused in one line", () => {
  writeFileSync(file, '{\n"seed":');
  expect(() => readTestRecord(folder)).toThrow(/^.*test\.json: .*; expected JSON$/);
});
