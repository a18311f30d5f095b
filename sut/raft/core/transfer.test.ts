import { describe, expect, test } from "vitest";
import { groups, TestCluster } from "./test-cluster.ts";

function ledByS1(config = {}): TestCluster {
  const cluster = new TestCluster({ nodes: 3, config });
  cluster.now = 100;
  cluster.campaign("S1");
  cluster.pass(20);
  return cluster;
}

describe("leadership transfer (§3.10)", () => {
  test("the wanted server leads the next term at once, with every entry", () => {
    const cluster = ledByS1();
    cluster.propose("S1", "x");
    const ref = cluster.transfer("S1", "S3");
    cluster.settle();
    expect(cluster.answers.get(ref)).toEqual({ type: "done", leader: "S3", term: 2 });
    expect(cluster.state("S3").role).toBe("leader");
    expect(cluster.node("S3").applied.map(({ kind }) => kind)).toEqual(["noop", "command", "noop"]);
  });

  test("with leases too: votes for one whom the leader sent are not withheld (§4.2.3)", () => {
    const cluster = ledByS1({ leaseReads: true });
    const ref = cluster.transfer("S1", "S2");
    cluster.settle();
    expect(cluster.answers.get(ref)).toMatchObject({ type: "done", leader: "S2" });
  });

  test("nobody named: the most up-to-date voter", () => {
    const cluster = ledByS1();
    cluster.propose("S1", "x");
    cluster.settle(groups(["S1", "S3"], ["S2"]));
    const ref = cluster.transfer("S1", null);
    cluster.settle();
    expect(cluster.answers.get(ref)).toMatchObject({ type: "done", leader: "S3" });
  });

  test("requests are refused meanwhile, certainly without effect; reads by round are not", () => {
    const cluster = ledByS1();
    cluster.transfer("S1", "S3");
    const write = cluster.propose("S1", "x");
    const change = cluster.reconfigure("S1", { type: "remove", node: "S2" });
    const logRead = cluster.read("S1", "log");
    const read = cluster.read("S1", "read-index");
    for (const ref of [write, change, logRead]) {
      expect(cluster.answers.get(ref)).toEqual({ type: "transferring", to: "S3" });
    }
    cluster.settle(({ message }) => message.type !== "timeout-now");
    expect(cluster.answers.get(read)).toMatchObject({ type: "read" });
    expect(cluster.state("S1").log.lastIndex).toBe(1);
  });

  test("a target that does not answer: given up after an election timeout, and requests go on", () => {
    const cluster = ledByS1();
    cluster.propose("S1", "x");
    const apart = groups(["S1", "S2"], ["S3"]);
    const ref = cluster.transfer("S1", "S3");
    cluster.pass(90, apart);
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.pass(10, apart);
    expect(cluster.answers.get(ref)).toEqual({ type: "timed-out" });
    const write = cluster.propose("S1", "y");
    cluster.settle(apart);
    expect(cluster.answers.get(write)).toMatchObject({ type: "applied" });
  });

  test("no lease in this term once somebody was asked to campaign: the message may still arrive", () => {
    const cluster = ledByS1({ leaseReads: true });
    cluster.transfer("S1", "S3");
    cluster.settle(({ message }) => message.type !== "timeout-now");
    cluster.pass(200);
    expect(cluster.state("S1").role).toBe("leader");
    const ref = cluster.read("S1", "lease");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.deliver({ from: "S1", to: "S3", message: { type: "timeout-now", term: 1 } });
    cluster.settle(groups(["S1"], ["S2", "S3"]));
    expect(cluster.state("S3").role).toBe("leader");
  });

  test("TimeoutNow of an earlier term is ignored", () => {
    const cluster = ledByS1();
    cluster.transfer("S1", "S3");
    cluster.settle();
    cluster.deliver({ from: "S1", to: "S2", message: { type: "timeout-now", term: 1 } });
    expect(cluster.state("S2").role).toBe("follower");
  });

  test("a second wish for the same server waits for the same end; one for another is refused", () => {
    const cluster = ledByS1();
    const first = cluster.transfer("S1", "S3");
    const again = [cluster.transfer("S1", "S3"), cluster.transfer("S1", null)];
    const other = cluster.transfer("S1", "S2");
    cluster.settle();
    const done = { type: "done", leader: "S3", term: 2 };
    expect([first, ...again].map((ref) => cluster.answers.get(ref))).toEqual([done, done, done]);
    expect(cluster.answers.get(other)).toMatchObject({ type: "refused", reason: "transfer-in-flight" });
  });

  test.each([
    { at: "S2", to: "S3", reason: "not-leader" },
    { at: "S1", to: "S1", reason: "already-leader" },
    { at: "S1", to: "S9", reason: "unknown-member" },
  ])("refused: $reason", ({ at, to, reason }) => {
    const cluster = ledByS1();
    const ref = cluster.transfer(at, to);
    expect(cluster.answers.get(ref)).toEqual({ type: "refused", reason, leader: "S1" });
  });

  test("refused: a learner, and a cluster of one", () => {
    const cluster = new TestCluster({ nodes: 2, voters: 1 });
    cluster.campaign("S1");
    cluster.reconfigure("S1", { type: "add-learner", node: "S2" });
    cluster.settle();
    const refs = [cluster.transfer("S1", "S2"), cluster.transfer("S1", null)];
    expect(refs.map((ref) => cluster.answers.get(ref))).toMatchObject([
      { reason: "not-a-voter" },
      { reason: "no-other-voter" },
    ]);
  });

  test("another server is elected instead: the transfer says who", () => {
    const cluster = ledByS1();
    const ref = cluster.transfer("S1", "S3");
    cluster.settle(({ to }) => to !== "S3");
    cluster.pass(80, groups(["S1"], ["S2"], ["S3"]));
    cluster.state("S3").electionDeadline = cluster.now + 1000;
    for (const id of ["S2", "S3"]) cluster.state(id).lastLeaderContact = -1000;
    cluster.campaign("S2");
    expect(cluster.answers.get(ref)).toMatchObject({ type: "superseded", leader: "S2" });
  });
});
