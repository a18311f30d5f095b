import { describe, expect, test } from "vitest";
import { groups, logOf, TestCluster } from "./test-cluster.ts";
import type { NodeId, Role } from "./types.ts";

const patient = { checkQuorum: false } as const;

function roles(cluster: TestCluster): Record<NodeId, Role> {
  return Object.fromEntries(cluster.ids.map((id) => [id, cluster.state(id).role]));
}

describe("elections", () => {
  test("one candidate wins a majority, and its heartbeats keep it in office (§3.4)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S2");
    expect(roles(cluster)).toEqual({ S1: "follower", S2: "leader", S3: "follower" });
    cluster.pass(2000);
    expect(cluster.ids.map((id) => cluster.state(id).term)).toEqual([1, 1, 1]);
    expect(cluster.state("S1").leader).toBe("S2");
  });

  test("a single node elects itself once its vote is durable (§3.8)", () => {
    const cluster = new TestCluster({ nodes: 1 });
    cluster.state("S1").electionDeadline = 0;
    cluster.tick("S1");
    expect(cluster.state("S1").role).toBe("candidate");
    cluster.sync("S1");
    expect(cluster.state("S1").role).toBe("leader");
  });

  test("a candidate's requests leave when its own vote is durable (§3.8)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { preVote: false } });
    cluster.state("S1").electionDeadline = 0;
    cluster.tick("S1");
    expect(cluster.network).toEqual([]);
    cluster.sync("S1");
    expect(cluster.network.map(({ message }) => message.type)).toEqual(["request-vote", "request-vote"]);
  });

  test("a vote survives a crash: nobody votes twice in a term (§3.8)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { preVote: false, checkQuorum: false } });
    cluster.campaign("S1", groups(["S1", "S3"]));
    expect(cluster.state("S1").role).toBe("leader");
    cluster.crash("S3");
    cluster.restart("S3");
    cluster.campaign("S2", groups(["S2", "S3"]));
    expect(cluster.state("S2").role).toBe("candidate");
  });

  test("pre-vote: a server that was cut off disturbs nobody when it comes back (§9.6)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(1000, groups(["S1", "S2"]));
    expect(cluster.state("S3").term).toBe(1);
    cluster.pass(300);
    expect(roles(cluster)).toEqual({ S1: "leader", S2: "follower", S3: "follower" });
    expect(cluster.state("S1").term).toBe(1);
  });

  test("without pre-vote and stickiness its term runs away, and deposes the leader (§4.2.3)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { preVote: false, checkQuorum: false } });
    cluster.campaign("S1");
    cluster.pass(1000, groups(["S1", "S2"]));
    expect(cluster.state("S3").term).toBeGreaterThan(3);
    cluster.pass(300);
    expect(cluster.state("S1").term).toBeGreaterThan(3);
  });

  test("stickiness: who hears a leader leaves a newer candidate's request unread (§4.2.3)", () => {
    const cluster = new TestCluster({ nodes: 3, config: { preVote: false } });
    cluster.campaign("S1");
    cluster.campaign("S3");
    expect(cluster.state("S2").term).toBe(1);
    expect(cluster.state("S1").role).toBe("leader");
  });

  test("check quorum: a leader that nobody answers steps down within an election timeout (§6.2)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(150, groups(["S2", "S3"]));
    expect(cluster.state("S1").role).not.toBe("leader");
    cluster.pass(500, groups(["S2", "S3"]));
    expect(cluster.state("S1").term).toBe(1);
  });

  test("without check quorum it leads on, alone", () => {
    const cluster = new TestCluster({ nodes: 3, config: patient });
    cluster.campaign("S1");
    cluster.pass(150, groups(["S2", "S3"]));
    expect(cluster.state("S1").role).toBe("leader");
  });

  describe("a server stuck in a newer term, with a shorter log (§9.6)", () => {
    const behind = { hard: { term: 9, votedFor: null }, entries: [] };
    const ahead = { hard: { term: 5, votedFor: null }, entries: logOf([5]) };
    const disks = { S1: ahead, S2: ahead, S3: behind };

    test("does not stop the cluster", () => {
      const cluster = new TestCluster({ nodes: 3, disks });
      cluster.crash("S2");
      cluster.pass(3000);
      expect(roles(cluster)).toMatchObject({ S1: "leader", S3: "follower" });
      expect(cluster.state("S1").term).toBeGreaterThan(9);
    });

    test("stops it for ever if it leaves requests of older terms unanswered, pre-votes too", () => {
      const cluster = new TestCluster({ nodes: 3, disks, rules: { answersStaleRequests: () => false } });
      cluster.crash("S2");
      cluster.pass(3000);
      expect(cluster.ids.map((id) => cluster.state(id).leader)).toEqual([null, null, null]);
      expect(cluster.state("S1").term).toBe(5);
    });
  });
});
