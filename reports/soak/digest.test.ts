import { expect, test } from "vitest";
import { soakMaterial } from "../../tests/soak.ts";
import { digestSoak } from "./digest.ts";

test("each segment has a row, with its answers per second and what was prompt", () => {
  const digest = digestSoak(soakMaterial);
  expect(digest).toMatchObject({
    verdict: "valid",
    planned: 2,
    operations: 2400,
    faults: { injected: 6, effective: 6 },
  });
  expect(digest.rows[0]).toMatchObject({
    workload: "register",
    perSecond: 19.5,
    promptHealthy: 0.9,
    promptFaulty: 0.5,
  });
  expect(digest.slowest).toEqual({ minutes: [0, 1], values: [12, 12] });
});

test("a chart of hours keeps the peaks of its stretches", () => {
  const resources = Array.from({ length: 5000 }, (_, at) => ({
    ...{ atMs: at * 5000, rssMb: at === 3333 ? 390 : 200, loopDelayMs: 1 },
  }));
  const { memory } = digestSoak({ ...soakMaterial, soak: { ...soakMaterial.soak, resources } });
  expect(memory.values.length).toBeLessThanOrEqual(600);
  expect(Math.max(...memory.values)).toBe(390);
});
