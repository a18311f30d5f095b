import { expect, test } from "vitest";
import { makePlan } from "./plan.ts";
import type { PlanOptions } from "./plan-options.ts";
import { optionsOf } from "./repeat.ts";
import { testRecord } from "./test-record.ts";

const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const hunt = (seed: number, options: PlanOptions = {}) => makePlan({ hunt: true, seed, ...options }, 0);

test("a hunt has small limits, linearizable reads and faults at once, which differ by seed and are the same for one", () => {
  const plans = seeds.map((seed) => hunt(seed));
  for (const { knobs, nemesis, readMode } of plans) {
    expect(knobs).toMatchObject({ walSegmentBytes: 4096, sessions: true });
    expect(knobs["snapshotEntries"]).toBeLessThanOrEqual(100);
    expect(["log", "read-index", "lease", "follower"]).toContain(readMode);
    expect(nemesis.filter((word) => word.includes("+")).length).toBeGreaterThanOrEqual(2);
  }
  for (const field of ["knobs", "nemesis", "readMode"] as const) {
    expect(new Set(plans.map((plan) => JSON.stringify(plan[field]))).size).toBeGreaterThan(1);
  }
  expect(hunt(7)).toEqual(hunt(7));
});

test("what is given is not drawn, and a mutant keeps the configuration that exposes it", () => {
  const given = { nemesis: ["kill"], readMode: "log", set: { snapshotEntries: 7 } };
  expect(hunt(1, given)).toMatchObject({ nemesis: ["kill"], readMode: "log", knobs: { snapshotEntries: 7 } });
  const { mutant, nemesis, knobs } = hunt(1, { mutant: "M24" });
  expect(nemesis).toEqual(expect.arrayContaining([...mutant!.enabling.nemesis]));
  expect(nemesis.some((word) => word.includes("+"))).toBe(true);
  expect(knobs).toMatchObject(mutant!.enabling.knobs ?? {});
});

test("a record of a hunt says so, with all that it changes, and its options make the same plan again", () => {
  for (const seed of seeds) {
    const plan = hunt(seed);
    const record = testRecord(plan, new Date(0));
    expect(record).toMatchObject({ hunt: true, changed: expect.arrayContaining(["hunt", "nemesis"]) });
    expect(record.command).toContain("--hunt");
    const again = makePlan({ ...optionsOf(plan), nemesis: plan.nemesis }, 0);
    expect(again).toEqual(plan);
  }
});

test("without --hunt nothing is drawn", () => {
  expect(makePlan({ seed: 7 }, 0)).toMatchObject({ hunt: false, nemesis: ["none"], readMode: "read-index" });
  expect(testRecord(makePlan({ seed: 7 }, 0), new Date(0))).not.toHaveProperty("hunt");
});
