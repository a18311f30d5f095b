import fc from "fast-check";
import { expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import type { ScheduleEntry } from "../../plan/schedule/entry.ts";
import { type ScheduleFile, scheduleFileOf } from "../../plan/schedule/file.ts";
import { validTrial } from "../trials/test-support/trials.ts";
import { type Trial, tryInMemory } from "../trials/trial.ts";
import { fewest } from "./fewer.ts";
import { optionsOf } from "./search.ts";
import { type ShrinkOptions, shrink } from "./shrink.ts";

test("what is left holds, and leaving out any one item of it does not", async () => {
  const items = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 0, max: 6 }), async (all, size) => {
      const needed = all.filter((item) => item % 7 < size);
      const holds = (some: readonly number[]) => needed.every((item) => some.includes(item));
      expect(await fewest(all, async (offers) => offers.find(holds) ?? null)).toEqual(needed);
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
    seed: 0,
    set: { preVote: false },
  },
  faults,
};
const shrinkWith = (run: (options: Record<string, unknown>) => Trial | null, more: Partial<ShrinkOptions> = {}) =>
  shrink(from, "I5", {
    knobDefaults: { preVote: true },
    run: async (options) => run(options) ?? validTrial,
    budgetRuns: 500,
    threads: 1,
    signal: new AbortController().signal,
    tell: () => {},
    ...more,
  });
const failing: Trial = { ...validTrial, verdict: "invalid", failure: "I5" };

test("all that the failure does not need is gone, and every case that was tried makes a plan", async () => {
  const { case: left, trial } = await shrinkWith((options) => {
    const plan = makePlan(options, 0);
    const hitsN3 = plan.schedule!.faults.some(({ choice }) => choice?.nodes.includes("n3") ?? false);
    return hitsN3 && plan.concurrency >= 3 && plan.timeLimitMs >= 9000 ? failing : null;
  });
  expect(trial).toEqual(failing);
  expect(left.faults).toHaveLength(1);
  expect(left.faults[0]).toMatchObject({ nodes: ["n3"], durationMs: 1 });
  expect(left.options).toMatchObject({ nodes: 3, concurrency: 3, rate: 1, set: { preVote: true } });
  expect(Number(left.options["timeLimit"])).toBeLessThan(from.options["timeLimit"] as number);
});

test("what comes behind the failure is gone at once, faults and all", async () => {
  const told: ScheduleFile[] = [];
  await shrinkWith(() => ({ ...failing, failedAtMs: 8000.5 }), { budgetRuns: 1, tell: (one) => told.push(one) });
  expect(told[0]).toMatchObject({ options: { timeLimit: 8001 } });
  expect(told[0]!.faults.map(({ atMs, durationMs }) => [atMs, durationMs])).toEqual([
    [1000, 2000],
    [4000, 2000],
    [7000, 1001],
  ]);
});

test("a failure that no part of the run shows comes back with few faults and another seed, on whom their variants choose", async () => {
  const { case: left } = await shrinkWith((options) => {
    const { seed, schedule } = makePlan(options, 0);
    const whole = schedule!.faults.length === faults.length;
    return whole || (seed % 5 === 4 && schedule!.faults.length >= 2) ? failing : null;
  });
  expect(left.faults).toHaveLength(2);
  expect(left.faults.every(({ nodes }) => nodes === undefined)).toBe(true);
  expect(Number(left.options["seed"]) % 5).toBe(4);
});

test("what failed while faults were at work is not made smaller into what fails behind them", async () => {
  const { case: left } = await shrinkWith(() => ({ ...failing, failedAtMs: 9000.5 }));
  expect(left.options["timeLimit"]).toBe(9001);
});

test("a failure of another kind is no smaller case", async () => {
  const other = await shrinkWith(() => ({ ...failing, failure: "register" }));
  expect(other).toMatchObject({ case: from, trial: null });
});

test("a smaller case whose thread ends is passed over, and the search goes on", async () => {
  let asked = 0;
  const { case: left, trial } = await shrinkWith((options) => {
    if (++asked === 2) throw new Error("its thread ended");
    return makePlan(options, 0).schedule!.faults.length >= 2 ? failing : null;
  });
  expect(trial).toEqual(failing);
  expect(left.faults).toHaveLength(2);
});

test("the budget is kept: of virtual time, in runs as long as the first", async () => {
  let asked = 0;
  const run = () => (asked++ % 2 === 0 ? { ...failing, virtualMs: 30_000 } : null);
  const { runs } = await shrinkWith(run, { budgetRuns: 3 });
  expect([runs, asked]).toEqual([5, 5]);
});

test("several threads come to the same result as one, though they try more", async () => {
  const search = async (threads: number) => {
    let asked = 0;
    const run = (options: Record<string, unknown>) => {
      asked++;
      const { concurrency, timeLimitMs, schedule } = makePlan(options, 0);
      return concurrency * timeLimitMs * schedule!.faults.length > 50_000 ? failing : null;
    };
    return { shrunk: await shrinkWith(run, { threads, budgetRuns: 5 }), asked };
  };
  const [one, three] = [await search(1), await search(3)];
  expect(three.shrunk).toEqual(one.shrunk);
  expect(three.asked).toBeGreaterThan(one.asked);
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
      threads: 2,
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
