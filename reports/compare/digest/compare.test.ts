import { expect, test } from "vitest";
import { comparedRun, comparison } from "../../../tests/comparison.ts";
import { digestComparison } from "./compare.ts";

test("rows follow the axes, and a figure is told with its spread over the repetitions", () => {
  const { rows, verdict, faults } = digestComparison(comparison);
  expect(rows.map(({ values }) => values)).toEqual([["local"], ["lease"]]);
  expect(rows[0]!.healthy.readMs.p50).toEqual({ mean: 2, min: 1, max: 3 });
  expect(rows[0]!.faulty.promptShare!.mean).toBeCloseTo(0.9);
  expect(rows[0]!.recoveryMs).toEqual({ mean: 300, min: 300, max: 300 });
  expect(rows[0]!.staleReads).toEqual({ count: 4, maxVersions: 12, maxMs: 800 });
  expect(rows.map((row) => row.verdict)).toEqual(["invalid", "valid"]);
  expect(verdict).toBe("invalid");
  expect(faults).toEqual({ injected: 8, effective: 8 });
});

test("a sentence says what a choice buys and costs beside the first one that was never wrong", () => {
  const { rows } = digestComparison(comparison);
  expect(rows.map(({ sentence }) => sentence)).toEqual([
    "wrong in 2 of 2 runs (4 stale reads, up to 12 versions and 800 ms behind); a read takes 2 ms instead of 5 ms with" +
      " lease while all is healthy; 90 % of operations are answered promptly during faults instead of 60 %.",
    "never wrong in 2 runs; a read takes 5 ms while all is healthy; 60 % of operations are answered promptly during faults.",
  ]);
});

test("an interrupted comparison is undecided unless it found something", () => {
  const valid = comparison.runs.filter((run) => run.verdict === "valid");
  expect(digestComparison({ ...comparison, runs: valid, interrupted: true }).verdict).toBe("unknown");
  expect(digestComparison({ ...comparison, interrupted: true }).verdict).toBe("invalid");
  expect(digestComparison({ ...comparison, runs: [], interrupted: true })).toMatchObject({
    verdict: "unknown",
    rows: [],
  });
});

test("what no run measured stays open", () => {
  const empty = comparedRun({ values: ["local"], healthy: null, faulty: null, staleReads: null, recoveriesMs: [null] });
  const { rows } = digestComparison({ ...comparison, runs: [empty] });
  expect(rows[0]).toMatchObject({ staleReads: null, recoveryMs: null, healthy: { okPerSecond: null } });
  expect(rows[0]!.sentence).toBe("never wrong in 1 run.");
});
