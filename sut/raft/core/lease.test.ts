import { describe, expect, test } from "vitest";
import { groups, TestCluster } from "./test-cluster.ts";
import type { NodeId } from "./types.ts";

/** The election timeout is 100 ms, and a lease 100 / 1.1 ≈ 90 ms. */
const leases = { leaseReads: true, checkQuorum: false } as const;
const apart = groups(["S1"], ["S2", "S3"]);

function ledByS1(clock?: (id: NodeId, now: number) => number): TestCluster {
  const cluster = new TestCluster({ nodes: 3, config: leases, ...(clock === undefined ? {} : { clock }) });
  cluster.now = 100;
  cluster.campaign("S1");
  expect(cluster.state("S1").role).toBe("leader");
  return cluster;
}

describe("lease reads (§6.4.1)", () => {
  test("a leader with a lease answers at once, without a message", () => {
    const cluster = ledByS1();
    cluster.pass(40);
    const ref = cluster.read("S1", "lease");
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 1 });
    expect(cluster.network).toEqual([]);
  });

  test("the lease ends before anybody else can be elected; then a round of messages decides", () => {
    const cluster = ledByS1();
    for (const id of ["S2", "S3"]) cluster.state(id).electionDeadline += 1000;
    cluster.pass(80, apart);
    expect(cluster.answers.get(cluster.read("S1", "lease"))).toMatchObject({ type: "read" });
    cluster.network = [];
    cluster.pass(20, apart);
    const late = cluster.read("S1", "lease");
    cluster.settle(apart);
    expect(cluster.answers.get(late)).toBeUndefined();
    cluster.settle();
    cluster.pass(30);
    expect(cluster.answers.get(late)).toMatchObject({ type: "read" });
  });

  test("it is counted from when the round was sent, not from when its answers came", () => {
    const cluster = ledByS1();
    cluster.now = 120;
    cluster.tick("S1");
    while (cluster.network.some(({ to }) => to !== "S1")) cluster.deliver(cluster.network.shift()!);
    cluster.now = 200;
    cluster.settle();
    cluster.network = [];
    cluster.now = 120 + 100 / 1.1 + 1;
    const ref = cluster.read("S1", "lease");
    expect(cluster.answers.get(ref)).toBeUndefined();
  });

  test("a leader that was paused looks at the clock before it answers", () => {
    const cluster = ledByS1();
    cluster.now += 500;
    const ref = cluster.read("S1", "lease");
    expect(cluster.answers.get(ref)).toBeUndefined();
  });

  test("a new leader with a lease still waits for its no-op to be applied (§6.4)", () => {
    const cluster = new TestCluster({ nodes: 3, config: leases });
    cluster.now = 100;
    cluster.state("S1").electionDeadline = 0;
    cluster.tick("S1");
    const beforeEntries = ({ message }: { message: { type: string } }) =>
      message.type !== "append-accepted" || cluster.state("S1").commitIndex > 0;
    cluster.settle(beforeEntries);
    expect(cluster.state("S1").role).toBe("leader");
    const ref = cluster.read("S1", "lease");
    cluster.settle(beforeEntries);
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.pass(20);
    cluster.propose("S1", "x");
    cluster.settle();
    expect(cluster.answers.get(ref)).toMatchObject({ type: "read" });
  });

  test("a cluster without leases answers such reads by a round", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(40);
    const ref = cluster.read("S1", "lease");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.settle();
    expect(cluster.answers.get(ref)).toMatchObject({ type: "read" });
  });

  test("a vote is withheld while the leader's lease may run, with CheckQuorum off and Pre-Vote off (§4.2.3)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { ...leases, preVote: false } });
    cluster.now = 100;
    cluster.campaign("S1");
    cluster.pass(20);
    cluster.campaign("S3", ({ from, to }) => from !== "S1" && to !== "S1");
    expect([cluster.state("S3").role, cluster.state("S2").term]).toEqual(["candidate", 1]);
  });

  test("also in a term that was entered without a vote", () => {
    const cluster = ledByS1();
    const reply = { type: "pre-vote-reply", term: 7, granted: false } as const;
    cluster.deliver({ from: "S3", to: "S2", message: reply });
    const vote = { type: "request-vote", term: 7, lastLog: { index: 9, term: 7 }, transfer: false } as const;
    cluster.deliver({ from: "S3", to: "S2", message: vote });
    expect(cluster.state("S2")).toMatchObject({ term: 7, votedFor: null });
    cluster.now += 100;
    cluster.deliver({ from: "S3", to: "S2", message: vote });
    expect(cluster.state("S2").votedFor).toBe("S3");
  });

  test("a restarted server votes for nobody for an election timeout: it may have promised not to", () => {
    const cluster = ledByS1();
    cluster.crash("S2");
    cluster.restart("S2");
    cluster.campaign("S3", ({ from, to }) => from !== "S1" && to !== "S1");
    expect(cluster.state("S3").role).toBe("pre-candidate");
    cluster.pass(300, groups(["S1"], ["S2", "S3"]));
    expect([cluster.state("S2").role, cluster.state("S3").role]).toContain("leader");
  });

  test("clocks that differ by more than the bound break it: two leaders answer", () => {
    const clock = (id: NodeId, now: number) => (id === "S1" ? now / 2 : now);
    const cluster = ledByS1(clock);
    cluster.pass(20);
    cluster.state("S2").electionDeadline = cluster.now + 100;
    cluster.state("S3").electionDeadline = cluster.now + 1000;
    cluster.pass(110, apart);
    cluster.propose("S2", "new");
    cluster.settle(apart);
    expect(cluster.answers.get(cluster.read("S1", "lease"))).toEqual({ type: "read", at: 1 });
    expect(cluster.node("S2").applied.length).toBe(3);
  });
});
