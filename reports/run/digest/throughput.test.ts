import { expect, test } from "vitest";
import { outcomes } from "../../../analysis/operations/operation-table.ts";
import { digestThroughput } from "./throughput.ts";

test("operations count where they ended, by outcome", () => {
  const operations = {
    invokedNs: Float64Array.from([0, 0, 0, 0]),
    endedNs: Float64Array.from([1e6, 9e6, 10e6, 25e6]),
    outcome: Uint8Array.from([outcomes.ok, outcomes.fail, outcomes.ok, outcomes.info]),
  };
  expect(digestThroughput(operations, 25e6)).toEqual({
    bucketNs: 10e6,
    ok: [1, 1, 0],
    fail: [1, 0, 0],
    info: [0, 0, 1],
  });
});
