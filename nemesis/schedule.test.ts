import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import { faults } from "./registry.ts";
import { type FaultSelection, planChanges, planSchedule, scheduleShape, shortestRunMs } from "./schedule.ts";

const everything: FaultSelection[] = faults.map((fault) => ({ fault, variants: fault.variants }));
const shape = scheduleShape(1000);
const plan = (seed: number, timeLimitMs = 60_000) =>
  planSchedule(everything, shape, timeLimitMs, randomStream(seed, "nemesis"));

const lasting = faults.filter(({ kind }) => kind === "lasting");

test("the same seed gives the same schedule", () => {
  expect(plan(3)).toEqual(plan(3));
  expect(plan(3)).not.toEqual(plan(4));
});

test("faults never overlap, leave recovery windows, and the last one leaves one before the end", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const schedule = plan(seed);
    schedule.forEach((due, place) => {
      const healedAt = due.atMs + due.durationMs;
      const next = schedule[place + 1]?.atMs ?? 60_000;
      expect(next - healedAt).toBeGreaterThanOrEqual(shape.recoveryMs[0]);
    });
  }
});

test("every fault has its turn, and at least every second one aims at the leader", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const schedule = plan(seed);
    expect(new Set(schedule.map(({ fault }) => fault.name)).size).toBe(lasting.length);
    expect(schedule.filter(({ variant }) => variant.aimsAtLeader).length).toBeGreaterThanOrEqual(
      Math.floor(schedule.length / 2),
    );
  }
});

test("changes take turns, at least two election timeouts apart, with ids behind those of the faults", () => {
  const changes = planChanges(everything, shape, { timeLimitMs: 300_000, lastId: 40 }, randomStream(1, "changes"));
  expect(changes[0]).toMatchObject({ id: 41, atMs: shape.warmUpMs });
  const count = (name: string) => changes.filter(({ fault }) => fault.name === name).length;
  expect(Math.abs(count("membership") - count("transfer"))).toBeLessThanOrEqual(1);
  expect(count("transfer")).toBeGreaterThanOrEqual(50);
  changes.slice(1).forEach(({ atMs }, place) => {
    expect(atMs - changes[place]!.atMs).toBeGreaterThanOrEqual(shape.betweenChangesMs[0]);
  });
  expect(planChanges([], shape, { timeLimitMs: 60_000, lastId: 0 }, randomStream(1, "changes"))).toEqual([]);
});

test("no faults asked for, none planned; nor in a run too short to recover in", () => {
  expect(planSchedule([], shape, 60_000, randomStream(1, "nemesis"))).toEqual([]);
  expect(plan(1, 5000)).toEqual([]);
});

test("the shortest run has a fault in it, whatever the seed", () => {
  for (let seed = 1; seed <= 50; seed++) expect(plan(seed, shortestRunMs(shape)).length).toBeGreaterThan(0);
});

test("each variant hits only nodes of the cluster, and process faults spare a majority unless they say all", () => {
  const nodes = ["n1", "n2", "n3", "n4", "n5"];
  for (const fault of lasting) {
    for (const variant of fault.variants) {
      const choice = variant.choose({ nodes, leader: "n3", members: null }, randomStream(1, variant.name));
      expect(nodes).toEqual(expect.arrayContaining([...choice.nodes]));
      if (variant.aimsAtLeader) expect(choice.nodes).toEqual(["n3"]);
      if (fault.name !== "partition" && variant.name !== "all") expect(choice.nodes.length).toBeLessThanOrEqual(2);
      if (fault.name === "partition") expect(choice.cut?.length).toBeGreaterThan(0);
    }
  }
});
