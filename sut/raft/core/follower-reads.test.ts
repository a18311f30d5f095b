import { describe, expect, test } from "vitest";
import type { Message } from "./messages.ts";
import { groups, TestCluster } from "./test-cluster.ts";

function ledByS1(): TestCluster {
  const cluster = new TestCluster({ nodes: 3 });
  cluster.campaign("S1");
  return cluster;
}

const sent = (cluster: TestCluster, type: Message["type"]) =>
  cluster.network.filter(({ message }) => message.type === type);

describe("follower reads (§6.4)", () => {
  test("a follower sees all that was committed when it was asked, before it hears of that", () => {
    const cluster = ledByS1();
    cluster.propose("S1", "x");
    cluster.settle(({ to, message }) => to !== "S3" || message.type !== "append-entries");
    expect(cluster.node("S3").applied.length).toBe(1);
    const ref = cluster.read("S3", "follower");
    cluster.settle(({ to, message }) => to !== "S3" || message.type !== "append-entries");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.pass(50);
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 2 });
  });

  test("the leader answers a question only when a majority confirms that it leads", () => {
    const cluster = ledByS1();
    cluster.read("S3", "follower");
    cluster.settle(({ to }) => to === "S1");
    expect(sent(cluster, "read-index-reply")).toEqual([]);
  });

  test("reads that come while a question is under way share the next one", () => {
    const cluster = ledByS1();
    const refs = [1, 2, 3].map(() => cluster.read("S3", "follower"));
    expect(sent(cluster, "read-index-request").length).toBe(1);
    cluster.settle();
    expect(refs.map((ref) => cluster.answers.get(ref)?.type)).toEqual(["read", "read", "read"]);
    expect(cluster.state("S3").followerReads.asked).toBe(2);
  });

  test("an answer to an earlier question, late or again, confirms nothing", () => {
    const cluster = ledByS1();
    const first = cluster.read("S3", "follower");
    let reply: Message | null = null;
    cluster.settle(({ message }) => {
      if (message.type === "read-index-reply") reply = message;
      return true;
    });
    expect(cluster.answers.get(first)).toMatchObject({ type: "read" });
    const second = cluster.read("S3", "follower");
    cluster.deliver({ from: "S1", to: "S3", message: reply! });
    expect(cluster.answers.get(second)).toBeUndefined();
  });

  test("an answer to a question of the process before a restart confirms nothing", () => {
    const cluster = ledByS1();
    cluster.read("S3", "follower");
    let reply: Message | null = null;
    cluster.settle(({ message }) => {
      if (message.type !== "read-index-reply") return true;
      reply = message;
      return false;
    });
    cluster.crash("S3");
    cluster.restart("S3");
    cluster.pass(50);
    const ref = cluster.read("S3", "follower");
    cluster.deliver({ from: "S1", to: "S3", message: reply! });
    expect(cluster.answers.get(ref)).toBeUndefined();
  });

  test("a question that was lost is asked again", () => {
    const cluster = ledByS1();
    const ref = cluster.read("S3", "follower");
    cluster.settle(({ message }) => message.type !== "read-index-request");
    cluster.pass(40);
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 1 });
  });

  test("without a leader, or when it is lost, the answer is that there is none", () => {
    const cluster = new TestCluster({ nodes: 3 });
    const early = cluster.read("S3", "follower");
    expect(cluster.answers.get(early)).toEqual({ type: "not-leader", leader: null });
    cluster.campaign("S1");
    const cutOff = cluster.read("S3", "follower");
    cluster.pass(300, groups(["S1", "S2"], ["S3"]));
    expect(cluster.answers.get(cutOff)).toEqual({ type: "not-leader", leader: null });
  });

  test("asked at the leader it is a ReadIndex read", () => {
    const cluster = ledByS1();
    const ref = cluster.read("S1", "follower");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.settle();
    expect(cluster.answers.get(ref)).toEqual({ type: "read", at: 1 });
  });
});
