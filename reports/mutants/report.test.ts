import { expect, test } from "vitest";
import { type MutantRow, renderMutants, type Tried } from "./report.ts";

const tried = (changed: Partial<Tried>): Tried => ({
  ...{ seeds: 7, virtualSeconds: 70.2, seconds: 3.14, unknown: 0, found: null },
  ...changed,
});
const found = { summary: 'key "k1" is wrong', seed: 7, report: "../../register/20260102T030405Z/report.html" };
const rowOf = (changed: Partial<MutantRow>): MutantRow => ({
  id: "M24",
  name: "commit-old-term",
  breaks: "counts copies of <old> entries",
  anomalies: ["lost-write"],
  caughtBy: "both",
  missed: null,
  byInvariants: tried({ seeds: 1, virtualSeconds: 9, found: { summary: "I4: lost", seed: 1, report: null } }),
  fromOutside: tried({ found }),
  control: tried({}),
  ...changed,
});
const page = {
  ...{ system: "raft", backend: "sim", command: "npx keelhaul mutants --seeds 7", interrupted: false },
  outside: { of: 1, caught: 1, byClients: 1, missed: [] },
};

test("a row leads to the run that caught the mutant, says how soon, and what it says is no markup", () => {
  const html = renderMutants({ ...page, rows: [rowOf({})] });
  expect(html).toContain("1 of 1 mutants of raft were detected");
  expect(html).toContain(
    '<td>7 seeds, 70 s<small><a href="../../register/20260102T030405Z/report.html">seed 7: key &quot;k1&quot; is wrong</a></small></td>',
  );
  expect(html).toContain("<td>1 seed, 9 s<small>seed 1: I4: lost</small></td>");
  expect(html).toContain("copies of &lt;old&gt; entries");
  expect(html).toContain("1 of 1 externally visible mutants detected from outside");
  expect(html).not.toContain("Interrupted");
});

test("what survived, and a control that was accused or was inconclusive, stand out", () => {
  const accused = tried({ found: { seed: 2, summary: "lost", report: null } });
  const rows = [
    rowOf({ caughtBy: "no", fromOutside: tried({}), control: accused }),
    rowOf({ control: tried({ unknown: 2 }) }),
  ];
  const html = renderMutants({ ...page, rows });
  expect(html).toContain("1 of 2 mutants");
  expect(html).toContain('<td class="missed">missed</td>');
  expect(html).toContain('<span class="invalid">invalid</span><small>seed 2: lost</small>');
  expect(html).toContain('<span class="unknown">2 of 7 inconclusive</span>');
});

test("why nothing showed outside is said, and that a matrix was interrupted", () => {
  const missed = rowOf({ caughtBy: "invariant", fromOutside: tried({}), missed: "it is undone before it is read" });
  const outside = { of: 3, caught: 2, byClients: 1, missed: ["M24"] };
  const html = renderMutants({ ...page, outside, interrupted: true, rows: [missed, rowOf({ caughtBy: "open" })] });
  expect(html).toContain("not in 7 seeds, 70 s</span><small>it is undone before it is read</small>");
  expect(html).toContain(
    "detected from outside (not M24): 1 by what clients saw,\n1 by nodes that crashed or led one term together.",
  );
  expect(html).toContain("Interrupted: some searches did not finish.");
});
