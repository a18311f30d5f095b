import { expect, test } from "vitest";
import { digestComparison } from "../../reports/compare/digest/compare.ts";
import { comparedRun, comparison } from "../../tests/comparison.ts";
import { printComparison } from "./outcome.ts";
import { comparisonMarkdown } from "./table.ts";

function printed(material: typeof comparison, json = false): string {
  let text = "";
  const digest = digestComparison(material);
  const outcome = { digest, folder: "store/compare/1", report: "store/compare/1/report.html" };
  printComparison(outcome, json, { write: (more: string) => (text += more) });
  return text;
}

test("people get a table of 80 columns, a sentence for each choice, the verdict, and where to read on", () => {
  expect(printed(comparison)).toBe(`
              healthy            faults
  read-mode  read p50  read p99  prompt  read p99  recovery  stale  verdict
  local          2 ms      6 ms    90 %     12 ms    300 ms      4  ✗ 2 of 2
  lease          5 ms     15 ms    60 %    150 ms    300 ms      0  ✓ valid

  local: wrong in 2 of 2 runs (4 stale reads, up to 12 versions and 800 ms behind); a read takes 2 ms instead of 5 ms with lease while all is healthy; 90 % of operations are answered promptly during faults instead of 60 %.
  lease: never wrong in 2 runs; a read takes 5 ms while all is healthy; 60 % of operations are answered promptly during faults.

✗ 1 of 2 choices valid in every run

  comparison  store/compare/1
  report      store/compare/1/report.html
`);
});

test("an interrupted comparison says how to continue it", () => {
  const lines = printed({ ...comparison, interrupted: true }).split("\n");
  expect(lines).toContain("✗ 1 of 2 choices valid in every run; interrupted");
  expect(lines).toContain("  continue    npx keelhaul compare --continue store/compare/1");
});

test("programs get one object on one line", () => {
  const text = printed(comparison, true);
  expect(text.trimEnd()).not.toContain("\n");
  expect(JSON.parse(text)).toMatchObject({ verdict: "invalid", folder: "store/compare/1", axes: ["read-mode"] });
});

test("a value that would move the cursor is shown as characters", () => {
  const runs = [comparedRun({ values: ["a\u001b[2Jb"] })];
  const nasty = { ...comparison, axes: [{ option: "workload", values: ["a\u001b[2Jb"] }], runs };
  expect(printed(nasty)).not.toContain("\u001b");
  expect(printed(nasty)).toContain("a\\u001b[2Jb");
});

test("Markdown has the same figures, with the command that makes the comparison again", () => {
  const digest = digestComparison({ ...comparison, axes: [{ option: "readMode", values: ["local", "lease"] }] });
  const [head, , first] = comparisonMarkdown(digest).split("\n");
  expect(head).toBe(
    "| read-mode | read p50, healthy | read p99, healthy | prompt, faults | read p99, faults | recovery | stale | verdict |",
  );
  expect(first).toBe("| local | 2 ms | 6 ms | 90 % | 12 ms | 300 ms | 4 | ✗ 2 of 2 |");
  expect(comparisonMarkdown(digest)).toContain(`    ${comparison.command}\n`);
});
