import { describe, expect, test } from "vitest";
import { type Envelope, groups, logOf, TestCluster } from "./test-cluster.ts";
import type { NodeId } from "./types.ts";

const withoutS3 = groups(["S1", "S2"]);

function led(config = {}): TestCluster {
  const cluster = new TestCluster({ nodes: 3, config });
  cluster.campaign("S1");
  cluster.pass(50);
  return cluster;
}

function propose(cluster: TestCluster, commands: readonly string[], passes = groups(["S1", "S2", "S3"])): void {
  for (const command of commands) cluster.propose("S1", command);
  cluster.settle(passes);
}

function commands(cluster: TestCluster, id: NodeId): unknown[] {
  return cluster.node(id).applied.flatMap((entry) => (entry.kind === "command" ? [entry.command] : []));
}

describe("compaction", () => {
  test("the log before a durable snapshot is gone, but for the entries that trail it (§5.1)", () => {
    const cluster = led({ trailingEntries: 2 });
    propose(cluster, ["a", "b", "c", "d"]);
    cluster.beginSnapshot("S1");
    expect(cluster.state("S1").log.base.index).toBe(0);
    propose(cluster, ["e"]);
    cluster.finishSnapshot("S1");
    const { log, snapshot } = cluster.state("S1");
    expect([snapshot?.index, log.base, log.lastIndex]).toEqual([5, { index: 3, term: 1 }, 6]);
  });

  test("a server that is being added takes no snapshot of what lies before its first members (§5.1)", () => {
    const cluster = new TestCluster({ nodes: 3, voters: 2, config: { maxEntriesPerAppend: 1 } });
    cluster.campaign("S1");
    propose(cluster, ["a", "b"]);
    cluster.pass(50);
    cluster.reconfigure("S1", { type: "add-learner", node: "S3" });
    const early = ({ to, message }: Envelope) =>
      to !== "S3" || message.type !== "append-entries" || message.entries.every(({ kind }) => kind !== "config");
    cluster.pass(100, early);
    expect(cluster.node("S3").applied.map(({ index }) => index)).toEqual([1, 2, 3]);
    cluster.snapshot("S3");
    expect(cluster.state("S3").snapshot).toBeNull();
    cluster.pass(100);
    cluster.snapshot("S3");
    expect(cluster.state("S3").snapshot?.membership).toMatchObject({ incoming: ["S1", "S2"], learners: ["S3"] });
  });

  test("a node goes on from its snapshot and the log behind it, and applies nothing twice (§5.1)", () => {
    const cluster = led();
    propose(cluster, ["a", "b"]);
    cluster.pass(50);
    for (const id of cluster.ids) cluster.snapshot(id);
    propose(cluster, ["c"]);
    for (const id of cluster.ids) cluster.crash(id);
    for (const id of cluster.ids) cluster.restart(id);
    expect(cluster.state("S2")).toMatchObject({ commitIndex: 3, lastApplied: 3 });
    cluster.campaign("S2");
    cluster.pass(100);
    for (const id of cluster.ids) expect(commands(cluster, id)).toEqual(["a", "b", "c"]);
  });

  test("a snapshot that was overtaken by a later one changes nothing", () => {
    const cluster = led();
    propose(cluster, ["a", "b"], withoutS3);
    cluster.pass(100);
    cluster.beginSnapshot("S3");
    propose(cluster, ["c", "d"], withoutS3);
    cluster.snapshot("S1");
    cluster.pass(200);
    cluster.finishSnapshot("S3");
    expect(cluster.state("S3").snapshot?.index).toBe(5);
  });
});

describe("a follower whose next entry is gone", () => {
  test("gets the snapshot and the log behind it (§5.3)", () => {
    const cluster = led();
    propose(cluster, ["a", "b", "c"], withoutS3);
    cluster.snapshot("S1");
    propose(cluster, ["d"], withoutS3);
    cluster.pass(200);
    expect(commands(cluster, "S3")).toEqual(["a", "b", "c", "d"]);
    expect(cluster.state("S3").log.base).toEqual({ index: 4, term: 1 });
    expect(cluster.state("S1").leadership?.progress.get("S3")).toMatchObject({
      mode: "replicate",
      snapshotIndex: null,
    });
  });

  test("gets one at a time, hears heartbeats meanwhile, and the log waits for it (§5.3)", () => {
    const cluster = led();
    propose(cluster, ["a", "b", "c"], withoutS3);
    cluster.snapshot("S1");
    const sent: unknown[] = [];
    cluster.onEffect = (_id, effect) => {
      if (effect.type === "send-snapshot") sent.push(effect.snapshot.index);
    };
    let underWay: (() => void) | null = null;
    const slowly = (envelope: Parameters<typeof cluster.deliver>[0]) => {
      if (envelope.message.type !== "install-snapshot") return true;
      underWay = () => cluster.deliver(envelope);
      return false;
    };
    const lose = cluster.lose;
    cluster.lose = () => undefined;
    cluster.pass(400, slowly);
    cluster.propose("S1", "d");
    cluster.settle(slowly);
    cluster.snapshot("S1");
    cluster.pass(400, slowly);
    cluster.lose = lose;
    expect(sent).toEqual([4]);
    expect(cluster.state("S1")).toMatchObject({ role: "leader", term: 1, snapshot: { index: 5 } });
    expect(cluster.state("S1").log.base.index).toBe(4);
    expect(cluster.state("S3").role).toBe("follower");
    (underWay as (() => void) | null)?.();
    cluster.pass(100);
    expect(sent).toEqual([4]);
    expect(commands(cluster, "S3")).toEqual(["a", "b", "c", "d"]);
  });

  test("gets it again after a failed transfer, when it answers (§5.3)", () => {
    const cluster = led();
    propose(cluster, ["a", "b", "c"], withoutS3);
    cluster.snapshot("S1");
    let attempts = 0;
    cluster.onEffect = (_id, effect) => {
      if (effect.type === "send-snapshot") attempts++;
    };
    const lossy = ({ message }: Parameters<typeof cluster.deliver>[0]) => message.type !== "install-snapshot";
    cluster.pass(300, lossy);
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(300 / 20 + 1);
    cluster.propose("S1", "d");
    cluster.settle(lossy);
    cluster.beginSnapshot("S1");
    expect(cluster.state("S1").log.base.index).toBe(4);
    cluster.finishSnapshot("S1");
    cluster.pass(100, lossy);
    expect(cluster.state("S1").log.base.index).toBe(5);
    cluster.pass(100);
    expect(commands(cluster, "S3")).toEqual(["a", "b", "c", "d"]);
  });

  test("voids a tail that another leader's snapshot contradicts (§5.3)", () => {
    const disks = { S3: { hard: { term: 1, votedFor: null }, entries: logOf([1, 1, 1, 1, 1, 1, 1, 1]) } };
    const behind = { hard: { term: 2, votedFor: null }, entries: logOf([1, 1, 2, 2]) };
    const cluster = new TestCluster({ nodes: 3, disks: { ...disks, S1: behind, S2: behind } });
    cluster.campaign("S1", withoutS3);
    cluster.pass(50, withoutS3);
    cluster.snapshot("S1");
    cluster.pass(200);
    expect(cluster.state("S3").log.last).toEqual(cluster.state("S1").log.last);
    expect(cluster.node("S3").applied).toEqual(cluster.node("S1").applied);
  });

  test("keeps a tail that goes on from the snapshot, which it may have acknowledged (§5.3)", () => {
    const log = logOf([1, 1, 1, 1]);
    const disk = { hard: { term: 1, votedFor: null }, entries: log };
    const cluster = new TestCluster({ nodes: 3, disks: { S1: disk, S2: disk, S3: disk } });
    const membership = cluster.state("S3").log.membership;
    const snapshot = { index: 2, term: 1, membership };
    const message = { type: "install-snapshot", term: 1, snapshot } as const;
    cluster.deliver({ from: "S1", to: "S3", message, content: log.slice(0, 2) });
    expect(cluster.state("S3").log.slice(1, 9)).toEqual(log.slice(2));
    expect(cluster.network.map((envelope) => envelope.message)).toContainEqual(
      expect.objectContaining({ type: "append-accepted", matchIndex: 2 }),
    );
  });

  test("takes the members from the snapshot (§5.1)", () => {
    const cluster = led();
    const membership = { ...cluster.state("S1").log.membership, learners: ["S4"] };
    const message = { type: "install-snapshot", term: 1, snapshot: { index: 9, term: 1, membership } } as const;
    cluster.deliver({ from: "S1", to: "S3", message, content: logOf(Array<number>(9).fill(1)) });
    expect(cluster.state("S3").log.membership).toEqual(membership);
    cluster.sync("S3");
    cluster.crash("S3");
    cluster.restart("S3");
    expect(cluster.state("S3").log.membership).toEqual(membership);
  });

  test("answers a late snapshot with what it has committed, and keeps that (§5.3)", () => {
    const cluster = led();
    propose(cluster, ["a", "b"]);
    cluster.pass(50);
    const { membership } = cluster.state("S3").log;
    const message = { type: "install-snapshot", term: 1, snapshot: { index: 1, term: 1, membership } } as const;
    cluster.deliver({ from: "S1", to: "S3", message, content: cluster.node("S1").applied.slice(0, 1) });
    expect(cluster.network[0]?.message).toMatchObject({ type: "append-accepted", matchIndex: 3 });
    expect(cluster.state("S3")).toMatchObject({ commitIndex: 3, lastApplied: 3 });
  });

  test("refuses the snapshot of a deposed leader, with its own term (§3.3)", () => {
    const cluster = led();
    const { membership } = cluster.state("S3").log;
    const message = { type: "install-snapshot", term: 0, snapshot: { index: 9, term: 1, membership } } as const;
    cluster.deliver({ from: "S2", to: "S3", message });
    expect(cluster.network[0]?.message).toMatchObject({ type: "append-rejected", term: 1 });
    expect(cluster.state("S3").commitIndex).toBe(1);
  });
});

test("the answer to a snapshot leaves when the log behind it is void on disk too (§3.8)", () => {
  const cluster = led();
  const { membership } = cluster.state("S3").log;
  const message = { type: "install-snapshot", term: 1, snapshot: { index: 9, term: 1, membership } } as const;
  cluster.deliver({ from: "S1", to: "S3", message, content: logOf(Array<number>(9).fill(1)) });
  expect(cluster.network).toEqual([]);
  cluster.sync("S3");
  expect(cluster.network[0]?.message).toMatchObject({ type: "append-accepted", matchIndex: 9, round: 0 });
});

describe("a leader without a majority", () => {
  test("takes no more than maxUncommittedBytes, refuses the rest, and takes more once some are committed (§10.2)", () => {
    const cluster = led({ maxUncommittedBytes: 100, checkQuorum: false });
    const alone = groups(["S1"]);
    const first = cluster.propose("S1", "a", 60);
    const tooMuch = cluster.propose("S1", "b", 41);
    const fits = cluster.propose("S1", "c", 40);
    cluster.settle(alone);
    expect(cluster.answers.get(tooMuch)).toEqual({ type: "overloaded" });
    expect([first, fits].map((ref) => cluster.answers.get(ref))).toEqual([undefined, undefined]);
    cluster.pass(100);
    expect([first, fits].map((ref) => cluster.answers.get(ref)?.type)).toEqual(["applied", "applied"]);
    expect(cluster.state("S1").leadership?.uncommittedBytes).toBe(0);
    const huge = cluster.propose("S1", "d", 1000);
    cluster.pass(100);
    expect(cluster.answers.get(huge)).toMatchObject({ type: "applied" });
    expect(commands(cluster, "S2")).toEqual(["a", "c", "d"]);
  });
});
