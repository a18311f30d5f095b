import { expect, test } from "vitest";
import { syntheticRun } from "../../../tests/report-support.ts";
import { digestRun } from "../digest/run.ts";
import type { RunDigest } from "../digest/types.ts";
import { ratesOf } from "./rates.ts";

const base = digestRun(syntheticRun({ seed: 1, verdict: "valid", seconds: 1 }));

function digest(ok: readonly number[], durationNs: number, phases: RunDigest["phases"] = []): RunDigest {
  const none = ok.map(() => 0);
  return {
    ...base,
    phases,
    essentials: { ...base.essentials, durationNs },
    throughput: { bucketNs: 1e8, ok, fail: none, info: none },
  };
}

test("counts become rates a second, also in a last stretch that was cut short", () => {
  const { data } = ratesOf(digest([10, 20, 6], 2.6e8));
  expect(data[0]).toEqual([0, 0.1, 0.2, 0.26]);
  expect(data[1]!.map((rate) => Math.round(rate!))).toEqual([100, 200, 100, 100]);
});

test("the merest stub of a stretch is left out", () => {
  expect(ratesOf(digest([10, 20, 1], 2.01e8)).data[0]).toEqual([0, 0.1, 0.201]);
});

test("a burst of final reads goes off the scale of what came before", () => {
  const { yMax, burstCut } = ratesOf(digest([10, 20, 90], 3e8, [{ phase: "final-reads", atNs: 2e8 }]));
  expect(Math.round(yMax)).toBe(230);
  expect(burstCut).toBe(true);
  expect(ratesOf(digest([10, 20, 22], 3e8, [{ phase: "final-reads", atNs: 2e8 }])).burstCut).toBe(false);
});
