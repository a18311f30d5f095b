import fc from "fast-check";
import { expect, test } from "vitest";
import { makePlan } from "../plan.ts";
import type { ScheduleEntry } from "../schedule/entry.ts";
import { type ScheduleFile, scheduleFileOf } from "../schedule/file.ts";
import { validTrial } from "../trials/test-support/trials.ts";
import { type Trial, tryInMemory } from "../trials/trial.ts";
import { fewest } from "./fewer.ts";
import { optionsOf, shrink } from "./shrink.ts";

test("what is left holds, and leaving out any one item of it does not", async () => {
  const items = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 0, max: 6 }), async (all, size) => {
      const needed = all.filter((item) => item % 7 < size);
      const holds = async (some: readonly number[]) => needed.every((item) => some.includes(item));
      expect(await fewest(all, holds)).toEqual(needed);
    }),
  );
});

const faults: ScheduleEntry[] = Array.from({ length: 8 }, (_, place) => ({
  ...{ fault: "kill", variant: "one", atMs: 1000 + 3000 * place, durationMs: 2000, nodes: [`n${1 + (place % 5)}`] },
}));
const from: ScheduleFile = {
  options: {
    system: "raft",
    backend: "sim",
    nodes: 5,
    timeLimit: 30_000,
    rate: 100,
    concurrency: 20,
    set: { preVote: false },
  },
  faults,
};
const shrinkWith = (run: (options: Record<string, unknown>) => Trial | null, budgetRuns = 500) =>
  shrink(from, "I5", {
    knobDefaults: { preVote: true },
    run: async (options) => run(options) ?? validTrial,
    budgetRuns,
    signal: new AbortController().signal,
    tell: () => {},
  });
const failing: Trial = { ...validTrial, verdict: "invalid", failure: "I5" };

test("all that the failure does not need is gone, and every case that was tried makes a plan", async () => {
  const { case: left, trial } = await shrinkWith((options) => {
    const plan = makePlan(options, 0);
    const hitsN3 = plan.schedule!.faults.some(({ choice }) => choice!.nodes.includes("n3"));
    return hitsN3 && plan.concurrency >= 3 && plan.timeLimitMs >= 9000 ? failing : null;
  });
  expect(trial).toEqual(failing);
  expect(left.faults).toHaveLength(1);
  expect(left.faults[0]).toMatchObject({ nodes: ["n3"], durationMs: 1 });
  expect(left.options).toMatchObject({ nodes: 3, concurrency: 3, rate: 1, set: { preVote: true } });
  expect(Number(left.options["timeLimit"])).toBeLessThan(from.options["timeLimit"] as number);
});

test("a failure of another kind is no smaller case, and the budget is kept", async () => {
  const other = await shrinkWith(() => ({ ...failing, failure: "register" }));
  expect(other).toMatchObject({ case: from, trial: null });
  let asked = 0;
  const { runs } = await shrinkWith(() => (asked++ % 2 === 0 ? failing : null), 7);
  expect([runs, asked]).toEqual([7, 7]);
});

test("a run that fails is made smaller, in the same way each time, and the smaller one fails when it is run again", async () => {
  const options = {
    system: "memory",
    backend: "sim",
    workload: "counter",
    timeLimit: "10s",
    set: { bug: "double-apply" },
  };
  const whole = scheduleFileOf(makePlan(options, 3), []);
  const search = () =>
    shrink(whole, "counter", {
      knobDefaults: {},
      run: tryInMemory,
      budgetRuns: 40,
      signal: new AbortController().signal,
      tell: () => {},
    });
  const shrunk = await search();
  expect(shrunk.trial).toMatchObject({ verdict: "invalid", failure: "counter" });
  expect(Number(shrunk.case.options["timeLimit"])).toBeLessThan(5000);
  expect((await search()).case).toEqual(shrunk.case);
  const again = await tryInMemory(optionsOf(shrunk.case));
  expect(again.digest).toBe(shrunk.trial!.digest);
});
