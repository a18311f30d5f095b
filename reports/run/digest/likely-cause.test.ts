import { describe, expect, test } from "vitest";
import type { OperationView } from "../../../analysis/results.ts";
import type { Edge } from "../../../history/annotations.ts";
import type { TestRecord, Weakness } from "../../../history/test-record.ts";
import { syntheticRun } from "../../../tests/report-support.ts";
import { likelyCause } from "./likely-cause.ts";
import { situationAt, suspectOf } from "./situation.ts";
import type { FaultDigest, NodeLane, RoleSegment } from "./types.ts";

const second = 1e9;

const fault = (changed: Partial<FaultDigest>): FaultDigest => ({
  ...{ id: 1, fault: "partition", variant: "leader", label: "partition", color: "#fff", nodes: ["n1"], cut: [] },
  ...{ fromNs: 2 * second, toNs: null, effective: true, change: false, healed: null, evidence: [], healEvidence: [] },
  ...{ problems: [], window: null },
  ...changed,
});
const bothWays = (node: string, peers: readonly string[]): Edge[] =>
  peers.flatMap((peer): Edge[] => [
    [node, peer],
    [peer, node],
  ]);
const lane = (node: string, ...segments: readonly [role: string, term: number, fromNs: number][]): NodeLane => ({
  node,
  segments: segments.map(([role, term, fromNs], at): RoleSegment => {
    const toNs = segments[at + 1]?.[2] ?? 10 * second;
    return { role, leads: role === "leader", term, fromNs, toNs };
  }),
});
const deposed = [
  lane("n1", ["leader", 1, 0]),
  lane("n2", ["follower", 1, 0], ["leader", 2, 3 * second]),
  lane("n3", ["follower", 1, 0], ["follower", 2, 3 * second]),
];
const span = { fromNs: second, atNs: 4 * second };
const sentence = (lanes: readonly NodeLane[], ...faults: readonly FaultDigest[]): string =>
  likelyCause(situationAt("n1", span, { lanes, faults, endNs: 10 * second }), "answered", null).situation;

describe("what happened", () => {
  test("a deposed leader that was cut off", () => {
    expect(sentence(deposed, fault({ cut: bothWays("n1", ["n2", "n3"]) }))).toBe(
      "n1 answered at 4.00 s while it was cut off from n2 and n3 (partition since 2.00 s); " +
        "it still took itself for the leader of term 1, although n2 had led term 2 since 3.00 s",
    );
  });

  test("a node that could only speak, or only hear", () => {
    expect(sentence([], fault({ cut: [["n2", "n1"]] }))).toContain("while it was unable to hear n2 (partition");
    expect(sentence([], fault({ cut: [["n1", "n3"]] }))).toContain("while it was not heard by n3 (partition");
  });

  test("two leaders of one term", () => {
    const lanes = [lane("n1", ["leader", 2, 0]), lane("n2", ["leader", 2, second])];
    expect(sentence(lanes)).toBe("n1 answered at 4.00 s, with no fault active; it led term 2, and so did n2");
  });

  test("a fault that was over, one without effect, and one elsewhere", () => {
    const pause = { fault: "pause", variant: "pause", label: "pause" };
    const over = fault({ ...pause, toNs: 3.5 * second });
    expect(sentence([], over)).toBe("n1 answered at 4.00 s after a fault (pause from 2.00 s to 3.50 s)");
    expect(sentence([], fault({ ...pause, effective: false }))).toContain("with no fault active");
    expect(sentence([], fault({ ...pause, nodes: ["n2", "n3"] }))).toBe(
      "n1 answered at 4.00 s, not hit itself, while others were: pause of n2 and n3 at 2.00 s",
    );
  });

  test("an active fault says more than one that was over", () => {
    const over = fault({ id: 1, label: "kill", toNs: 3 * second });
    expect(sentence([], over, fault({ id: 2, label: "pause", fromNs: 3.5 * second }))).toBe(
      "n1 answered at 4.00 s during a fault (pause since 3.50 s)",
    );
  });
});

describe("whose answer cannot be right", () => {
  const operation = (index: number, node?: string): OperationView => ({
    ...{ index, process: index, f: "read", value: null, outcome: "ok" },
    ...{ invokedAtNs: index, completedAtNs: index + 1, ...(node === undefined ? {} : { node }) },
  });

  test("the one that ended last, unless an earlier one missed a write", () => {
    const operations = [operation(1, "n1"), operation(2, "n2"), operation(3)];
    expect(suspectOf({ operations, orders: [] })?.node).toBe("n2");
    const missed = { before: 1, after: 2, why: "", type: "rw" } as const;
    expect(suspectOf({ operations, orders: [missed] })?.node).toBe("n1");
    expect(suspectOf({ operations: [operation(3)], orders: [] })).toBeNull();
  });
});

describe("what explains it", () => {
  const plan: TestRecord = syntheticRun({ seed: 1, verdict: "valid", seconds: 1 }).test!;
  const local: Weakness = {
    setting: "--read-mode local",
    allows: "any node answers",
    instead: "read-index asks first",
  };
  const lease: Weakness = { ...local, setting: "--read-mode lease", beside: ["clock"] };
  const explanation = (changed: Partial<TestRecord>, ...faults: readonly FaultDigest[]) =>
    likelyCause(situationAt("n1", span, { lanes: [], faults, endNs: 10 * second }), "answered", { ...plan, ...changed })
      .explanation;

  test("a mutant before all else", () => {
    const mutant = { id: "M06", name: "stale", breaks: "reads ask nobody" };
    expect(explanation({ mutant, weaknesses: [local] })).toBe(
      "The store is broken on purpose, by mutant M06 (stale): reads ask nobody",
    );
  });

  test("a setting that gives up a promise, only beside the faults that it minds", () => {
    expect(explanation({ weaknesses: [local] })).toBe(
      "--read-mode local allows this: any node answers; read-index asks first",
    );
    expect(explanation({ weaknesses: [lease] }, fault({}))).toContain("No setting of this run gives up a promise");
    expect(explanation({ weaknesses: [lease] }, fault({ fault: "clock" }))).toContain("--read-mode lease allows this");
  });

  test("nothing but the store, whatever else was set", () => {
    expect(explanation({ weaknesses: [], changed: ["rate", "knobs.heartbeatMs"] })).toBe(
      "No setting of this run gives up a promise (1 knob of the store differed from its default), so that the store itself is the likely culprit",
    );
  });
});
