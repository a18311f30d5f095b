import { expect, test } from "vitest";
import type { ViolationRecord } from "../../../history/annotations.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "./run.ts";

const violation: ViolationRecord = {
  ...{ invariant: "I4", name: "Leader Completeness", timeNs: 2e9, nodes: ["n1"] },
  detail: "leads term 3 without 4@1, which term 1 committed",
  lastEvents: [
    "30 1.990000s n1 reads its clock → writes 2: term 3, vote n1; sends to n2 request-vote of term 3: log 3@1; sends to n3 request-vote of term 3: log 3@1; answers 1 requests with not-leader; answers 1 requests with not-leader; is candidate of term 3 (campaign)",
    "31 2.000000s n1 receives from n2 request-vote-reply of term 3: yes → is leader of term 3 (won)",
  ],
  lastTurns: [
    "7 n2 crashes",
    "31 2.000000s n1 receives from n2 request-vote-reply of term 3: yes → is leader of term 3 (won)",
  ],
};

function insideOf(seen: ViolationRecord | null) {
  const run = syntheticRun({ seed: 3, verdict: "invalid" });
  const invariants = { verdict: "invalid", summary: "", steps: 31, violation: seen } as const;
  return digestRun({ ...run, results: { ...run.results, checkers: { ...run.results.checkers, invariants } } }).inside;
}

test("a broken invariant is told with its nodes' last steps, each by its node, time, cause and deeds", () => {
  expect(insideOf(violation)).toEqual({
    ...{ invariant: "I4", name: "Leader Completeness", statement: null, nodes: ["n1"], atNs: 2e9 },
    detail: "leads term 3 without 4@1, which term 1 committed",
    steps: [
      {
        ...{ step: 30, atNs: 1.99e9, node: "n1", cause: "reads its clock" },
        deeds: [
          "is candidate of term 3 (campaign)",
          "writes 2: term 3, vote n1",
          "sends to n2, n3 request-vote of term 3: log 3@1",
          "2 × answers 1 requests with not-leader",
        ],
      },
      {
        ...{ step: 31, atNs: 2e9, node: "n1", cause: "receives from n2 request-vote-reply of term 3: yes" },
        deeds: ["is leader of term 3 (won)"],
      },
    ],
    turns: [{ step: 7, atNs: null, node: "n2", cause: "crashes", deeds: [] }],
  });
});

test("a run whose invariants held, or that were not looked at, has nothing to tell of its inside", () => {
  expect(insideOf(null)).toBeNull();
  expect(digestRun(syntheticRun({ seed: 3, verdict: "invalid" })).inside).toBeNull();
});
