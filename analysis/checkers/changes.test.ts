import { expect, test } from "vitest";
import type { FaultRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { tallyChanges } from "./changes.ts";

function record(f: string, seconds: number, value: Partial<FaultRecord>): HistoryEvent {
  const full = {
    variant: "any",
    nodes: ["n2"],
    evidence: [],
    effective: true,
    startedNs: (seconds - 0.1) * 1e9,
    ...value,
  };
  return { index: 0, time: seconds * 1e9, process: "nemesis", type: "info", f, value: full };
}

test("changes are counted by kind, and those made while nothing was broken, nor had just been, apart", () => {
  const tallies = tallyChanges([
    record("transfer", 1, { id: 10, action: "change" }),
    record("partition", 5, { id: 1, action: "inject" }),
    record("transfer", 6, { id: 11, action: "change", effective: false, problem: "no leader" }),
    record("membership", 7, { id: 12, action: "change" }),
    record("partition", 9, { id: 1, action: "heal" }),
    record("transfer", 10, { id: 13, action: "change", effective: false, problem: "no leader" }),
    record("transfer", 12, { id: 14, action: "change", effective: false, problem: "timed out" }),
  ]);
  expect(tallies).toEqual([
    {
      fault: "transfer",
      tried: 4,
      made: 1,
      triedHealthy: 2,
      madeHealthy: 1,
      failedHealthy: ["transfer 14 (any n2: timed out)"],
    },
    { fault: "membership", tried: 1, made: 1, triedHealthy: 0, madeHealthy: 0, failedHealthy: [] },
  ]);
});

test("a fault that was never healed stays broken to the end", () => {
  const [tally] = tallyChanges([
    record("kill", 1, { id: 1, action: "inject" }),
    record("transfer", 50, { id: 2, action: "change" }),
  ]);
  expect(tally).toMatchObject({ tried: 1, made: 1, triedHealthy: 0 });
});
