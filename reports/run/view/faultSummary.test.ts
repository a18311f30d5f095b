import { expect, test } from "vitest";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "../digest/run.ts";
import { summariseFaults } from "./faultSummary.ts";

test("injections are summed up by fault and variant", () => {
  const { faults } = digestRun(syntheticRun({ seed: 1, verdict: "valid" }));
  const kinds = summariseFaults(faults);
  expect(kinds.map(({ name, injected, effective }) => [name, injected, effective])).toEqual([
    ["network cut leader", 1, 1],
    ["paused", 1, 1],
    ["network cut one-way", 1, 0],
    ["killed", 1, 1],
  ]);
  expect(kinds.map(({ recoveriesMs }) => recoveriesMs)).toEqual([[41], [158], [275], []]);
});
