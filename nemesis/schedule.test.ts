import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import type { FaultVariant, LastingFault } from "./fault.ts";
import { kill } from "./kill.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { faults } from "./registry.ts";
import { type FaultSelection, planChanges, planSchedule, scheduleShape, shortestRunMs } from "./schedule.ts";

const everything: FaultSelection[] = faults.map((fault) => ({ fault, variants: fault.variants }));
const shape = scheduleShape(1000);
const plan = (seed: number, timeLimitMs = 60_000) =>
  planSchedule(everything, shape, timeLimitMs, randomStream(seed, "nemesis"));

const lasting = faults.filter((fault): fault is LastingFault => fault.kind === "lasting");

test("the same seed gives the same schedule", () => {
  expect(plan(3)).toEqual(plan(3));
  expect(plan(3)).not.toEqual(plan(4));
});

test("faults never overlap, leave recovery windows but within a burst, and the last one leaves one before the end", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const schedule = plan(seed);
    schedule.forEach((due, place) => {
      const next = schedule[place + 1];
      const pauseMs = (next?.atMs ?? 60_000) - (due.atMs + due.durationMs);
      const goesOn = due.variant.burst !== undefined && next?.variant === due.variant;
      expect(pauseMs).toBeGreaterThanOrEqual(goesOn ? 0 : shape.recoveryMs[0]);
    });
  }
});

test("a burst has one turn: several faults in a row, as long and as far apart as it says", () => {
  const variants: readonly FaultVariant[] = partition.variants;
  const rotating = variants.find(({ name }) => name === "rotating");
  const { times, lasts, pauses } = rotating!.burst!;
  const only = [{ fault: partition, variants: [rotating!] }];
  const schedule = planSchedule(only, shape, 600_000, randomStream(1, "nemesis"));
  const lengths: number[] = [];
  for (const [place, { atMs, durationMs }] of schedule.entries()) {
    const before = schedule[place - 1];
    const pauseMs = before === undefined ? Number.POSITIVE_INFINITY : atMs - before.atMs - before.durationMs;
    expect(durationMs).toBeGreaterThanOrEqual(1000 * lasts[0]);
    expect(durationMs).toBeLessThanOrEqual(1000 * lasts[1]);
    if (pauseMs <= 1000 * pauses[1]) lengths.push(lengths.pop()! + 1);
    else lengths.push(1);
    if (lengths.at(-1) === 1) expect(pauseMs).toBeGreaterThanOrEqual(shape.recoveryMs[0]);
  }
  for (const length of lengths.slice(0, -1)) {
    expect(length).toBeGreaterThanOrEqual(times[0]);
    expect(length).toBeLessThanOrEqual(times[1]);
  }
  expect(lengths.length).toBeGreaterThan(10);
});

test("what happens meanwhile lies within the fault that it goes with: a burst all along, another to the end", () => {
  const named = (fault: (typeof lasting)[number], name: string) => {
    const variants = fault.variants.filter((variant) => variant.name === name);
    return { fault, variants };
  };
  const both = { ...named(partition, "bridge"), meanwhile: [named(kill, "restart"), named(pause, "one")] };
  const schedule = planSchedule([both], shape, 120_000, randomStream(1, "nemesis"));
  const endOf = ({ atMs, durationMs }: (typeof schedule)[number]) => atMs + durationMs;
  const cuts = schedule.filter(({ fault }) => fault === partition);
  expect(cuts.length).toBeGreaterThan(10);
  expect(schedule.map(({ id }) => id)).toEqual(schedule.map((_, place) => place + 1));
  expect(schedule.map(({ atMs }) => atMs)).toEqual(schedule.map(({ atMs }) => atMs).sort((one, other) => one - other));
  for (const cut of cuts) {
    const within = schedule.filter((due) => due !== cut && due.atMs >= cut.atMs && endOf(due) <= endOf(cut));
    const pauses = within.filter(({ fault }) => fault === pause);
    expect(pauses.map(endOf)).toEqual([endOf(cut)]);
    expect(within.filter(({ fault }) => fault === kill).length).toBeGreaterThanOrEqual(2);
  }
});

test("every fault has its turn, and at least every second turn aims at the leader, where the fault can", () => {
  const able = everything.filter(({ variants }) => variants.some(({ aimsAtLeader }) => aimsAtLeader));
  for (let seed = 1; seed <= 50; seed++) {
    expect(new Set(plan(seed, 240_000).map(({ fault }) => fault.name)).size).toBe(lasting.length);
    const schedule = planSchedule(able, shape, 60_000, randomStream(seed, "nemesis"));
    const turns = schedule.filter(({ variant }, place) => !variant.burst || schedule[place - 1]?.variant !== variant);
    expect(turns.filter(({ variant }) => variant.aimsAtLeader).length).toBeGreaterThanOrEqual(
      Math.floor(turns.length / 2),
    );
  }
});

test("changes take turns, at least two election timeouts apart, with ids behind those of the faults", () => {
  const changes = planChanges(everything, shape, { timeLimitMs: 300_000, lastId: 40 }, randomStream(1, "changes"));
  expect(changes[0]).toMatchObject({ id: 41, atMs: shape.warmUpMs });
  const count = (name: string) => changes.filter(({ fault }) => fault.name === name).length;
  const counts = ["membership", "churn", "transfer"].map(count);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(35);
  changes.slice(1).forEach(({ atMs }, place) => {
    expect(atMs - changes[place]!.atMs).toBeGreaterThanOrEqual(shape.betweenChangesMs[0]);
  });
  expect(planChanges([], shape, { timeLimitMs: 60_000, lastId: 0 }, randomStream(1, "changes"))).toEqual([]);
});

const timed = (fault: (typeof lasting)[number], timing: NonNullable<FaultSelection["timing"]>) => {
  const variants: readonly FaultVariant[] = fault.variants;
  return { fault, variants: variants.filter(({ burst }) => burst === undefined), timing };
};
const endOf = ({ atMs, durationMs }: { readonly atMs: number; readonly durationMs: number }) => atMs + durationMs;

test("a fault with an interval and a duration begins so long after the start and after each healing", () => {
  const only = [timed(kill, { intervalMs: 5000, durationMs: 10_000 })];
  const times = planSchedule(only, shape, 60_000, randomStream(1, "nemesis")).map(({ atMs, durationMs }) => [
    atMs,
    durationMs,
  ]);
  expect(times).toEqual([
    [5000, 10_000],
    [20_000, 10_000],
    [35_000, 10_000],
  ]);
});

test("what an interval or a duration does not say is drawn as for other faults", () => {
  const only = [timed(kill, { durationMs: 500 }), timed(pause, { intervalMs: 20_000 })];
  const schedule = planSchedule(only, shape, 60_000, randomStream(1, "nemesis"));
  const kills = schedule.filter(({ fault }) => fault === kill);
  expect(kills[0]!.atMs).toBe(shape.warmUpMs);
  for (const { durationMs } of kills) expect(durationMs).toBe(500);
  for (const { durationMs } of schedule.filter(({ fault }) => fault === pause)) {
    expect(durationMs).toBeGreaterThanOrEqual(shape.faultMs[0]);
    expect(durationMs).toBeLessThanOrEqual(shape.faultMs[1]);
  }
});

test("faults with times of their own overlap, but not those of one kind", () => {
  const several = [
    timed(kill, { intervalMs: 1000, durationMs: 3000 }),
    timed(pause, { intervalMs: 1000, durationMs: 4000 }),
    timed(pause, { intervalMs: 500, durationMs: 700 }),
  ];
  const schedule = planSchedule(several, shape, 120_000, randomStream(1, "nemesis"));
  const overlapping = schedule.filter((due, place) =>
    schedule.slice(0, place).some((before) => endOf(before) > due.atMs),
  );
  expect(overlapping.length).toBeGreaterThan(10);
  for (const kind of [kill, pause]) {
    const same = schedule.filter(({ fault }) => fault === kind);
    same.slice(1).forEach(({ atMs }, place) => {
      expect(atMs).toBeGreaterThanOrEqual(endOf(same[place]!));
    });
  }
  const lengths = new Set(schedule.filter(({ fault }) => fault === pause).map(({ durationMs }) => durationMs));
  expect(lengths).toEqual(new Set([4000, 700]));
});

test("however closely faults follow each other, all are healed for a recovery window again and again", () => {
  const relentless = [
    timed(kill, { intervalMs: 100, durationMs: 2000 }),
    timed(pause, { intervalMs: 100, durationMs: 15_000 }),
    { fault: partition, variants: partition.variants },
  ];
  for (let seed = 1; seed <= 20; seed++) {
    const schedule = planSchedule(relentless, shape, 300_000, randomStream(seed, "nemesis"));
    let fromMs = 0;
    let toMs = Number.NEGATIVE_INFINITY;
    const stretches: number[] = [];
    for (const due of schedule) {
      if (due.atMs >= toMs + shape.recoveryMs[0]) {
        stretches.push(toMs - fromMs);
        fromMs = due.atMs;
      }
      toMs = Math.max(toMs, endOf(due));
    }
    expect(stretches.length).toBeGreaterThan(8);
    expect(Math.max(...stretches)).toBeLessThanOrEqual(shape.longestStretchMs);
    expect(toMs).toBeLessThanOrEqual(300_000 - shape.recoveryMs[0]);
    expect(new Set(schedule.map(({ fault }) => fault))).toEqual(new Set([kill, pause, partition]));
  }
});

test("no faults asked for, none planned; nor in a run too short to recover in", () => {
  expect(planSchedule([], shape, 60_000, randomStream(1, "nemesis"))).toEqual([]);
  expect(plan(1, 5000)).toEqual([]);
});

test("the shortest run has a fault in it, whatever the seed", () => {
  for (let seed = 1; seed <= 50; seed++) expect(plan(seed, shortestRunMs(shape)).length).toBeGreaterThan(0);
});

test("each variant hits only nodes of the cluster, and process faults spare a majority unless they say otherwise", () => {
  const nodes = ["n1", "n2", "n3", "n4", "n5"];
  for (const fault of lasting) {
    for (const variant of fault.variants) {
      const choice = variant.choose({ nodes, leader: "n3", members: null }, randomStream(1, variant.name));
      expect(nodes).toEqual(expect.arrayContaining([...choice.nodes]));
      if (variant.aimsAtLeader) expect(choice.nodes[0]).toBe("n3");
      const isOfProcesses = choice.cut === undefined && choice.impaired === undefined;
      if (isOfProcesses && !["all", "restart", "power", "scramble", "monotonic-drift"].includes(variant.name))
        expect(choice.nodes.length).toBeLessThanOrEqual(2);
      if (fault.name === "partition") expect(choice.cut?.length).toBeGreaterThan(0);
    }
  }
});
