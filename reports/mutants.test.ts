import { expect, test } from "vitest";
import { type MutantRow, renderMutants } from "./mutants.ts";

const rowOf = (changed: Partial<MutantRow>): MutantRow => ({
  id: "M24",
  name: "commit-old-term",
  breaks: "counts copies of <old> entries",
  caughtBy: "both",
  caught: [{ summary: 'key "k1" is wrong', seed: 7, report: "../../register/20260102T030405Z/report.html" }],
  runs: 7,
  seconds: 3.14,
  control: { verdict: "valid", runs: 7, summary: "" },
  ...changed,
});
const page = { system: "raft", backend: "sim", command: "npx keelhaul mutants --seeds 7" };

test("a row leads to the run that caught the mutant, and what it says is no markup", () => {
  const html = renderMutants({ ...page, rows: [rowOf({})] });
  expect(html).toContain("1 of 1 mutants of raft were caught");
  expect(html).toContain(
    '<a href="../../register/20260102T030405Z/report.html">seed 7: key &quot;k1&quot; is wrong</a>',
  );
  expect(html).toContain("copies of &lt;old&gt; entries");
});

test("what survived, and a control that was accused, stand out", () => {
  const control = { verdict: "invalid", runs: 2, summary: "seed 2: lost" } as const;
  const html = renderMutants({ ...page, rows: [rowOf({ caughtBy: "no", caught: [], control }), rowOf({})] });
  expect(html).toContain("1 of 2 mutants");
  expect(html).toContain('<td class="missed">not caught</td>');
  expect(html).toContain('<td class="invalid">invalid in 2<small>seed 2: lost</small></td>');
});
