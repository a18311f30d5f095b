import { describe, expect, test } from "vitest";
import type { RaftStatus } from "../../sut/raft/client/status.ts";
import type { NodeView } from "../cluster/local-cluster.ts";
import { clusterKey } from "./cluster-keys.ts";
import { clusterView } from "./cluster-view.ts";
import { plain } from "./terminal.ts";

const status = { id: "n1", role: "follower", term: 7, leader: "n2", commitIndex: 41, lastApplied: 40 } as const;
const membership = { incoming: ["n1", "n2", "n3"], outgoing: [], learners: [] };
const more = { lastLogIndex: 42, snapshotIndex: 20, membership };
const nodes: readonly NodeView[] = [
  { id: "n1", http: "127.0.0.1:7001", state: "up", status: { ...status, ...more } },
  { id: "n2", http: "127.0.0.1:7002", state: "up", status: { ...status, ...more, id: "n2", role: "leader" } },
  { id: "n3", http: "127.0.0.1:7003", state: "killed", status: null },
];

function linesOf(columns: number, selected = 0, rows = 30, shown = nodes): readonly string[] {
  const screen = {
    title: "three nodes",
    curl: "curl -H @/tmp/token http://127.0.0.1:7001/status",
    nodes: shown,
    selected,
    message: "kill n3: pid 9 gone",
  };
  return clusterView(screen, { columns, rows }, plain).map((line) => line.replaceAll("\u00a0", " "));
}

describe("a row a node", () => {
  test("its state, role, term, leader, how far its log is, and where to ask it", () => {
    const frame = linesOf(100).join("\n");
    expect(frame).toMatch(/node +state +role +term +leader +last +commit +applied +snapshot +http/);
    expect(frame).toMatch(/1 +n1 +up +follower +7 +n2 +42 +41 +40 +20 +127\.0\.0\.1:7001/);
    expect(frame).toMatch(/2 +n2 +up +leader +7 +n2 +42/);
    expect(frame).toMatch(/3 +n3 +killed +127\.0\.0\.1:7003/);
    expect(frame).toContain("kill n3: pid 9 gone");
    expect(frame).toContain("k kill   p pause   r run again   t make it leader   q quit");
  });

  test("a learner and a spare are told from followers that vote", () => {
    const withOthers = (membership: RaftStatus["membership"]) =>
      linesOf(100, 0, 30, [{ id: "n1", http: "", state: "up", status: { ...status, ...more, membership } }]).join("\n");
    expect(withOthers({ incoming: ["n2"], outgoing: [], learners: ["n1"] })).toMatch(/n1 +up +learner/);
    expect(withOthers({ incoming: [], outgoing: [], learners: [] })).toMatch(/n1 +up +spare/);
    expect(withOthers({ incoming: ["n2"], outgoing: ["n1"], learners: [] })).toMatch(/n1 +up +follower/);
  });

  test.each([60, 80, 96])("at %i columns, those that do not fit are told of the selected node below", (columns) => {
    const lines = linesOf(columns, 1, 20);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines[1]).toMatch(/node +state +role +term +leader +/);
    expect(lines[1]).not.toContain("http");
    expect(lines.join("\n")).toMatch(/› 2 +n2 +up +leader +7[\s\S]*n2: .*http 127\.0\.0\.1:7002/);
    expect(lines.join("\n")).toContain("q quit");
  });
});

describe("a key", () => {
  test.each([
    ["q", { type: "quit" }],
    ["ctrl-c", { type: "quit" }],
    ["up", { type: "select", place: 2 }],
    ["down", { type: "select", place: 1 }],
    ["2", { type: "select", place: 1 }],
    ["9", { type: "nothing" }],
    ["k", { type: "act", key: "k" }],
    ["t", { type: "act", key: "t" }],
    ["x", { type: "nothing" }],
  ])("%s", (key, expected) => expect(clusterKey(key, 0, 3)).toEqual(expected));
});
