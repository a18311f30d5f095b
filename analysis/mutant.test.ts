import { expect, test } from "vitest";
import { withMutant } from "./mutant.ts";
import type { Results } from "./results.ts";
import type { Verdict } from "./verdict.ts";

const mutant = { id: "M24", name: "commit-old-term", breaks: "a leader commits entries of earlier terms" };
const results = (verdict: Verdict, register: Verdict = verdict): Results => ({
  ...{ verdict, summary: "said", operations: { ok: 1, fail: 0, info: 0 }, faults: { injected: 0, effective: 0 } },
  checkers: { register: { verdict: register, summary: "" }, crashes: { verdict, summary: "" } },
  warnings: [],
});

test("a run of a mutant names it and says whether it was detected, and by which checkers", () => {
  expect(withMutant(results("invalid", "valid"), mutant)).toMatchObject({
    summary: "mutant M24 (commit-old-term) detected: said",
    mutant: { id: "M24", name: "commit-old-term", detected: true, by: ["crashes"] },
  });
  expect(withMutant(results("valid"), mutant)).toMatchObject({
    summary: "mutant M24 (commit-old-term) survived: said",
    mutant: { detected: false, by: [] },
  });
  expect(withMutant(results("unknown"), mutant).summary).toBe("mutant M24 (commit-old-term) not detected: said");
});

test("results of the correct store stay as they are", () => {
  expect(withMutant(results("valid"), undefined)).toEqual(results("valid"));
});
