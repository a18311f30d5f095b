import { expect, test } from "vitest";
import { memory } from "../../../sut/memory/system.ts";
import { raft } from "../../../sut/raft/system.ts";
import { type SoakRequest, segmentsOf, soakPlan, workloadsFor } from "./segments.ts";

const request: SoakRequest = {
  options: { nemesis: ["kill"], nodes: 3 },
  workloads: ["register", "append"],
  timeLimitMs: 100_000,
  segmentMs: 30_000,
  seed: 7,
};

test("segments take workloads and seeds in turn, each as long as the others", () => {
  const segments = segmentsOf(request);
  expect(segments.map(({ number, plan: { name, seed } }) => [number, name, seed])).toEqual([
    [1, "001-register", 7],
    [2, "002-append", 8],
    [3, "003-register", 9],
  ]);
  for (const { plan } of segments) expect(plan).toMatchObject({ timeLimitMs: 30_000, nodes: ["n1", "n2", "n3"] });
});

test("a soak shorter than a segment is one segment", () => {
  expect(segmentsOf({ ...request, timeLimitMs: 10_000 })).toHaveLength(1);
});

test("virtual time is refused, and so is what no segment can be run with", () => {
  expect(() => soakPlan({ ...request, options: { backend: "sim" } })).toThrow(/a soak takes real time/);
  expect(() => segmentsOf({ ...request, segmentMs: 2000 })).toThrow(/timeLimit|time-limit|needs/);
  expect(() => segmentsOf({ ...request, workloads: ["juggling"] })).toThrow(/juggling/);
});

test("by default all workloads are taken that the system can serve", () => {
  for (const system of [raft, memory])
    expect(workloadsFor(system)).toEqual(expect.arrayContaining(["register", "append"]));
  expect(workloadsFor({ operations: new Set(["read", "write"]) })).not.toContain("append");
});
