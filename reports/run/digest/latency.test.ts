import { expect, test } from "vitest";
import { outcomes } from "../../../analysis/operations/operation-table.ts";
import { digestLatency, quantile } from "./latency.ts";

const ms = 1e6;
const operations = {
  invokedNs: Float64Array.from([0, 1 * ms, 2 * ms, 12 * ms, 13 * ms]),
  endedNs: Float64Array.from([4 * ms, 3 * ms, 10 * ms, 14 * ms, 20 * ms]),
  outcome: Uint8Array.from([outcomes.ok, outcomes.ok, outcomes.ok, outcomes.fail, outcomes.info]),
};

test("quantiles are of ok operations, by the bucket of their invocation", () => {
  const { bucketNs, p50, p99, max } = digestLatency(operations, 20 * ms);
  expect(bucketNs).toBe(10 * ms);
  expect([p50, p99, max]).toEqual([
    [4, null, null],
    [8, null, null],
    [8, null, null],
  ]);
});

test("points are kept by outcome", () => {
  const { points } = digestLatency(operations, 20 * ms);
  expect(points.fail).toEqual({ total: 1, seconds: [0.012], ms: [2] });
  expect(points.info).toEqual({ total: 1, seconds: [0.013], ms: [7] });
  expect(points.ok.total).toBe(3);
});

test("a quantile is the nearest rank", () => {
  const sorted = Float64Array.from([1, 2, 3, 4]);
  expect([0, 0.5, 0.51, 1].map((q) => quantile(sorted, q))).toEqual([1, 2, 3, 4]);
  expect(quantile(new Float64Array(), 0.5)).toBeNull();
});
