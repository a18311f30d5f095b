import { describe, expect, test } from "vitest";
import { groups, TestCluster } from "./test-cluster.ts";
import type { NodeId } from "./types.ts";

const patient = { checkQuorum: false } as const;

function commands(cluster: TestCluster, id: NodeId): unknown[] {
  return cluster.node(id).applied.flatMap((entry) => (entry.kind === "command" ? [entry.command] : []));
}

describe("requests of a leader that loses its leadership", () => {
  test("are answered outcome-unknown, and the entry is gone (§6.3)", () => {
    const cluster = new TestCluster({ nodes: 3, config: patient });
    cluster.campaign("S1");
    const lost = cluster.propose("S1", "lost");
    cluster.pass(500, groups(["S1"], ["S2", "S3"]));
    const kept = cluster.propose(cluster.state("S2").role === "leader" ? "S2" : "S3", "kept");
    cluster.pass(100, groups(["S1"], ["S2", "S3"]));
    cluster.pass(200);
    expect(cluster.answers.get(lost)).toEqual({ type: "outcome-unknown" });
    expect(cluster.answers.get(kept)).toMatchObject({ type: "applied" });
    expect(commands(cluster, "S1")).toEqual(["kept"]);
  });

  test("are answered outcome-unknown even when the entry commits later (§6.3)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    const ref = cluster.propose("S1", "x");
    cluster.pass(150, ({ to }) => to !== "S1");
    expect(cluster.answers.get(ref)).toEqual({ type: "outcome-unknown" });
    cluster.pass(500);
    expect(commands(cluster, "S1")).toEqual(["x"]);
  });

  test("a follower refuses with the leader's name", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    const ref = cluster.propose("S2", "x");
    expect(cluster.answers.get(ref)).toEqual({ type: "not-leader", leader: "S1" });
  });
});
