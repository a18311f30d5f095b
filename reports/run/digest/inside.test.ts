import { expect, test } from "vitest";
import type { ViolationRecord } from "../../../history/annotations.ts";
import type { StepRecord } from "../../../history/steps.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "./run.ts";

const crash: StepRecord = { step: 7, node: "n2", event: { type: "crash" }, effects: [] };
const campaign: StepRecord = {
  ...{ step: 30, timeNs: 1.99e9, node: "n1", event: { type: "tick" } },
  effects: [{ type: "role", role: "candidate", term: 3, reason: "campaign" }],
};
const violation: ViolationRecord = {
  ...{ invariant: "I4", name: "Leader Completeness", timeNs: 2e9, nodes: ["n1"] },
  detail: "leads term 3 without 4@1, which term 1 committed",
  lastSteps: [campaign],
  lastTurns: [crash, campaign],
};

function insideOf(seen: ViolationRecord | null) {
  const run = syntheticRun({ seed: 3, verdict: "invalid" });
  const invariants = { verdict: "invalid", summary: "", steps: 31, violation: seen } as const;
  return digestRun({ ...run, results: { ...run.results, checkers: { ...run.results.checkers, invariants } } }).inside;
}

test("a broken invariant comes with the last steps of all nodes, and with earlier turns that are not among them", () => {
  expect(insideOf(violation)).toEqual({
    ...{ invariant: "I4", name: "Leader Completeness", statement: null, nodes: ["n1"], atNs: 2e9 },
    ...{ detail: "leads term 3 without 4@1, which term 1 committed", steps: [campaign], turns: [crash] },
    cause: expect.objectContaining({ situation: expect.stringMatching(/^n1 broke the invariant at 2\.00 s/) }),
  });
});

test("a run whose invariants held, or were not checked, has no such scene", () => {
  expect(insideOf(null)).toBeNull();
  expect(digestRun(syntheticRun({ seed: 3, verdict: "invalid" })).inside).toBeNull();
});
