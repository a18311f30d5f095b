import { expect, test } from "vitest";
import type { Results } from "../../../analysis/results.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import type { ViolationScene } from "./types.ts";
import { groupViolations } from "./violation-groups.ts";

const read = { index: 4, process: 1, f: "read", value: 1, outcome: "ok", invokedAtNs: 1, completedAtNs: 2 } as const;
const scene = (changed: Partial<ViolationScene>): ViolationScene => ({
  ...{ kind: "stale-read", meaning: "a value that was overwritten", checker: "register", key: "k1", sentence: "" },
  ...{ operations: [{ ...read, node: "n1" }], orders: [], names: [], forbidden: true },
  ...{ fromNs: 0, toNs: 1, nodes: [], faultIds: [], cause: null },
  ...changed,
});
const onNode = (node: string, key: string) => scene({ key, operations: [{ ...read, node }] });
const resultsWith = (checkers: object): Results => ({
  ...syntheticRun({ seed: 1, verdict: "valid", seconds: 1 }).results,
  checkers: checkers as Results["checkers"],
});

test("one kind of one checker is one group, with its examples, keys and nodes", () => {
  const scenes = [onNode("n2", "k1"), onNode("n1", "k2"), onNode("n2", "k2"), scene({ kind: "phantom-read" })];
  expect(groupViolations(scenes, null)).toMatchObject([
    {
      ...{ kind: "stale-read", count: 3, keys: 2, examples: [0, 1, 2] },
      byNode: [
        { node: "n2", count: 2 },
        { node: "n1", count: 1 },
      ],
    },
    { kind: "phantom-read", count: 1, examples: [3] },
  ]);
});

test("the count is of all stale reads, and by node what the staleness check measured", () => {
  const staleness = {
    verdict: "valid",
    summary: "",
    byNode: { n3: { stale: 0 }, n1: { stale: 7 }, n2: { stale: 900 } },
  };
  const register = { verdict: "invalid", summary: "", violationCount: 12, staleReads: { count: 907 } };
  const [group] = groupViolations([scene({}), scene({})], resultsWith({ register, staleness }));
  expect(group).toMatchObject({
    count: 907,
    byNode: [
      { node: "n2", count: 900 },
      { node: "n1", count: 7 },
    ],
  });
});

test("a checker that counts by name is believed, and its total where it found one kind alone", () => {
  const set = { verdict: "invalid", summary: "", anomalies: { lost: 1200 }, violationCount: 1300 };
  const lost = scene({ kind: "lost", checker: "set" });
  expect(groupViolations([lost], resultsWith({ set }))[0]?.count).toBe(1200);
  const other = { verdict: "invalid", summary: "", violationCount: 30 };
  const order = scene({ kind: "order", checker: "other" });
  expect(groupViolations([order], resultsWith({ other }))[0]?.count).toBe(30);
  const twoKinds = groupViolations([order, scene({ kind: "cas-cycle", checker: "other" })], resultsWith({ other }));
  expect(twoKinds.map(({ count }) => count)).toEqual([1, 1]);
});

test("what the consistency model allows comes last", () => {
  const groups = groupViolations([scene({ kind: "G2", forbidden: false }), scene({ kind: "G1a" })], null);
  expect(groups.map(({ kind }) => kind)).toEqual(["G1a", "G2"]);
});

test("no violations are no groups", () => {
  expect(groupViolations([], null)).toEqual([]);
});
