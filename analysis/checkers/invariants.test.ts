import { expect, test } from "vitest";
import type { InvariantsRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { invariantsChecker } from "./invariants.ts";

const phase: HistoryEvent = {
  ...{ index: 0, time: 0, process: "controller", type: "info" },
  ...{ f: "phase", value: { phase: "end" } },
};
const told = (value: InvariantsRecord): HistoryEvent[] => [phase, { ...phase, index: 1, f: "invariants", value }];

test("what was broken inside of a node condemns the store, with the invariant's name, place and time", () => {
  const violation = {
    ...{ invariant: "I1", name: "election safety", timeNs: 1_234_567_890, nodes: ["n1", "n3"] },
    ...{
      detail: "both lead term 4",
      lastSteps: [{ step: 69, node: "n1", event: { type: "start" as const }, effects: [] }],
    },
  };
  expect(invariantsChecker.check(told({ steps: 70, violation }))).toMatchObject({
    verdict: "invalid",
    summary: "I1 (election safety) was broken at n1, n3 after 1.235 s: both lead term 4",
    violation: { lastSteps: violation.lastSteps },
  });
});

test("nothing broken is valid after some steps, and unknown where nobody looked", () => {
  expect(invariantsChecker.check(told({ steps: 70, violation: null }))).toMatchObject({
    verdict: "valid",
    summary: "no invariant was violated in 70 steps",
  });
  expect(invariantsChecker.check(told({ steps: 0, violation: null }))).toMatchObject({ verdict: "unknown" });
  expect(invariantsChecker.check([phase])).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
});
