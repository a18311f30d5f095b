import { describe, expect, test } from "vitest";
import { groups, TestCluster } from "./test-cluster.ts";

const patient = { checkQuorum: false } as const;

describe("reads", () => {
  function deposedLeader(): TestCluster {
    const cluster = new TestCluster({ nodes: 3, config: patient });
    cluster.campaign("S1");
    cluster.propose("S1", "old");
    cluster.settle();
    cluster.pass(500, groups(["S1"], ["S2", "S3"]));
    cluster.propose(cluster.state("S2").role === "leader" ? "S2" : "S3", "new");
    cluster.settle(groups(["S1"], ["S2", "S3"]));
    expect(cluster.state("S1").role).toBe("leader");
    return cluster;
  }

  test("read-index: a deposed leader does not answer, and says who leads when it learns that (§6.4)", () => {
    const cluster = deposedLeader();
    const ref = cluster.read("S1", "read-index");
    cluster.settle(groups(["S1"], ["S2", "S3"]));
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.pass(100);
    expect(cluster.answers.get(ref)).toMatchObject({ type: "not-leader" });
  });

  test("read-index: a refusal of what the leader sent in an earlier term confirms nothing in this one (§6.4)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { ...patient, preVote: false } });
    const alone = groups(["S1"], ["S2", "S3"]);
    cluster.campaign("S1");
    cluster.pass(500);
    cluster.propose("S1", "late");
    const late = cluster.network.splice(0).filter(({ to }) => to === "S3");
    expect(late.map(({ message }) => message.type)).toContain("append-entries");
    cluster.campaign("S2");
    cluster.campaign("S1");
    expect(cluster.state("S1")).toMatchObject({ role: "leader", term: 3 });
    for (const envelope of late) cluster.deliver(envelope);
    for (const refusal of cluster.network.splice(0)) cluster.deliver(refusal);
    const ref = cluster.read("S1", "read-index");
    cluster.settle(alone);
    expect(cluster.answers.get(ref)).toBeUndefined();
  });

  test("leader and local: a deposed leader answers from the past", () => {
    const cluster = deposedLeader();
    const past = cluster.node("S1").applied.length;
    for (const mode of ["leader", "local"] as const) {
      expect(cluster.answers.get(cluster.read("S1", mode))).toEqual({ type: "read", at: past });
    }
  });

  test("log: a read waits for its own entry", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    const ref = cluster.read("S1", "log");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.settle();
    expect(cluster.answers.get(ref)).toEqual({ type: "applied", index: 2 });
  });

  test("read-index: a new leader waits for its no-op, because more may be committed than it knows (§6.4)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    cluster.propose("S1", "x");
    cluster.settle(({ to, message }) => to !== "S3" || message.type !== "append-entries");
    cluster.crash("S1");
    cluster.now += 200;
    cluster.state("S2").electionDeadline = cluster.now;
    cluster.tick("S2");
    while (cluster.state("S2").role !== "leader") {
      if (cluster.network.length > 0) cluster.deliver(cluster.network.shift() as never);
      else for (const id of ["S2", "S3"]) cluster.sync(id);
    }
    const ref = cluster.read("S2", "read-index");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.settle();
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 3 });
  });

  test("read-index: an answer to an earlier round confirms nothing (§6.4)", () => {
    const cluster = new TestCluster({ nodes: 3, config: patient });
    cluster.campaign("S1");
    cluster.pass(50);
    cluster.read("S1", "read-index");
    while (cluster.network.some(({ to }) => to !== "S1")) cluster.deliver(cluster.network.shift() as never);
    const late = cluster.network.splice(0);
    expect(late.map(({ message }) => message.type)).toEqual(["append-accepted"]);
    const second = cluster.read("S1", "read-index");
    for (const envelope of late) cluster.deliver(envelope);
    expect(cluster.answers.get(second)).toBeUndefined();
  });

  test("read-index: reads that arrive during a round share the next, which begins when that is confirmed", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    const before = cluster.state("S1").leadership?.round ?? 0;
    const refs = [1, 2, 3].map(() => cluster.read("S1", "read-index"));
    expect(cluster.state("S1").leadership?.round).toBe(before + 1);
    cluster.settle();
    expect(cluster.state("S1").leadership?.round).toBe(before + 2);
    for (const ref of refs) expect(cluster.answers.get(ref)).toMatchObject({ type: "read" });
  });

  test("read-index: a round asks as many as make a majority; who is silent is made up for by the next heartbeat", () => {
    const cluster = new TestCluster({ nodes: 5 });
    cluster.campaign("S1");
    cluster.pass(50);
    const first = cluster.read("S1", "read-index");
    const asked = cluster.network.map(({ to }) => to);
    expect(asked).toHaveLength(2);
    const silent = groups(cluster.ids.filter((id) => !asked.includes(id)));
    cluster.settle(silent);
    expect(cluster.answers.get(first)).toBeUndefined();
    cluster.pass(20, silent);
    expect(cluster.answers.get(first)).toMatchObject({ type: "read" });
    cluster.read("S1", "read-index");
    expect(cluster.network.map(({ to }) => to)).not.toEqual(expect.arrayContaining(asked));
  });

  test("a single node confirms its reads alone", () => {
    const cluster = new TestCluster({ nodes: 1 });
    cluster.campaign("S1");
    const ref = cluster.read("S1", "read-index");
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 1 });
  });
});
