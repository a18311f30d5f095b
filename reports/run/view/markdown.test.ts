import { expect, test } from "vitest";
import type { Violation } from "../../../analysis/results.ts";
import { withInvariant } from "../../../tests/report-pages.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "../digest/run.ts";
import { runMarkdown } from "./markdown.ts";

const invalid = syntheticRun({ seed: 7, verdict: "invalid" });

test("a failed run: contradiction, likely cause, operations, roles, faults with evidence, and the command", () => {
  const markdown = runMarkdown(digestRun(invalid));
  expect(markdown).toMatch(/^# invalid: /);
  for (const part of [
    /^## stale-read/m,
    /^\*\*Likely cause\.\*\* n1 answered at /m,
    /^\| #\d+ \| \d+ \| n1 \| `read → /m,
    /^\| n3 \| leader \| 2 \|/m,
    /^\| network cut \(leader\) n1 \|.*n1/m,
    /^## Run it again\n\n```\nkeelhaul test /m,
  ]) {
    expect(markdown).toMatch(part);
  }
});

test("an invariant that was broken", () => {
  const markdown = runMarkdown(digestRun(withInvariant(invalid)));
  expect(markdown).toContain("Required: **I1 Election Safety**: At most one server leads in a term.");
});

test("an imported history has neither a plan nor faults", () => {
  const markdown = runMarkdown(digestRun({ test: null, results: null, timeline: invalid.timeline }));
  expect(markdown).toMatch(/^# unknown: imported history\n/);
  expect(markdown).not.toContain("Run it again");
});

test("what a history says is shown, and never taken for markup", () => {
  const hostile = "<script>alert(1)</script> | `x` **b** @team\n# heading";
  const register = invalid.results.checkers["register"] as unknown as { violations: readonly Violation[] };
  const [first] = register.violations;
  const operations = first!.operations.map((operation) => ({ ...operation, value: hostile, error: hostile }));
  const violations = [{ ...first!, operations, sentence: hostile }];
  const checkers = { ...invalid.results.checkers, register: { ...register, violations } };
  const markdown = runMarkdown(digestRun({ ...invalid, results: { ...invalid.results, checkers } as never }));
  const outsideCode = markdown.replaceAll(/(`+).*?\1/g, "");
  expect(outsideCode).not.toMatch(/<script|@team|\*\*b|^# heading/m);
  const rows = markdown.split("\n").filter((line) => line.startsWith("| #"));
  expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(rows.map(() => 9));
});
