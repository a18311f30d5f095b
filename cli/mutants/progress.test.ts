import { expect, test } from "vitest";
import type { MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { Sighting } from "../../controller/batch/mutants/search.ts";
import { sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { redrawnLine } from "../status-line.ts";
import { EmulatedTerminal } from "../ui/test-support/emulated-terminal.ts";
import { matrixProgress, newsOf } from "./progress.ts";

test.each([
  [60, "7 of 108 detected, 2 complete, at most 15s left; 40 runs, 1…"],
  [100, "7 of 108 detected, 2 complete, at most 15s left; 40 runs, 1200 virtual seconds"],
])("at %i columns, how many are detected and the longest that the rest takes come first", async (columns, line) => {
  const terminal = new EmulatedTerminal(columns, 20);
  const time = new VirtualTime();
  using status = redrawnLine(terminal, time, "q stops and prints the results so far");
  const lineOf = matrixProgress(time);
  await time.run(() => sleepMs(time, 10_000));
  status.update(lineOf({ mutants: 108, complete: 2, caught: 7, runs: 40, runsLeft: 60, virtualMs: 1_200_000 }));
  expect(await terminal.lines()).toEqual([line, "q stops and prints the results so far"]);
});

const none: Sighting = { seeds: 200, virtualSeconds: 1, seconds: 1, unknown: 0, found: null };
const line: MatrixLine = {
  ...{ id: "M24", name: "commit-old-term", breaks: "", anomalies: ["lost-write"], missed: null, complete: true },
  expected: { invariants: ["I4"], blackBox: true },
  ...{ byInvariants: none, fromOutside: none, control: none },
};

test("a mutant that was missed and a false alarm are news; what goes as expected is none", () => {
  const found = { seed: 3, summary: "lost", failure: "set", options: {} };
  expect(newsOf([line])).toEqual(["✗ M24 commit-old-term was missed"]);
  expect(newsOf([{ ...line, byInvariants: { ...none, found } }])).toEqual([]);
  expect(newsOf([{ ...line, byInvariants: { ...none, found }, control: { ...none, found } }])).toEqual([
    "✗ the correct store under the configuration of M24, seed 3: lost",
  ]);
});
