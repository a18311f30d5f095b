import { describe, expect, test } from "vitest";
import { groups, logOf, TestCluster } from "./test-cluster.ts";
import type { NodeId } from "./types.ts";

function terms(cluster: TestCluster, id: NodeId): number[] {
  const { log } = cluster.state(id);
  return log.slice(1, log.lastIndex).map((entry) => entry.term);
}

function commands(cluster: TestCluster, id: NodeId): unknown[] {
  return cluster.node(id).applied.flatMap((entry) => (entry.kind === "command" ? [entry.command] : []));
}

describe("replication", () => {
  test("Figure 7: a leader makes six followers' logs its own, in probes a term and not an entry (§3.5)", () => {
    const figure7 = {
      S1: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
      S2: [1, 1, 1, 4, 4, 5, 5, 6, 6],
      S3: [1, 1, 1, 4],
      S4: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      S5: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      S6: [1, 1, 1, 4, 4, 4, 4],
      S7: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    };
    const disks = Object.fromEntries(
      Object.entries(figure7).map(([id, log]) => [id, { hard: { term: 7, votedFor: null }, entries: logOf(log) }]),
    );
    const cluster = new TestCluster({ nodes: 7, disks });
    let rejections = 0;
    cluster.onEffect = (_id, effect) => {
      if (effect.type === "send" && effect.message.type === "append-rejected") rejections++;
    };
    cluster.campaign("S1");
    cluster.pass(100);
    for (const id of cluster.ids) expect(terms(cluster, id)).toEqual([...figure7.S1, 8]);
    expect(rejections).toBeLessThanOrEqual(3 * 6);
  });

  test("a long tail of another term is found in a few probes (§3.5)", () => {
    const tail = { hard: { term: 3, votedFor: null }, entries: logOf([1, ...Array<number>(5000).fill(2)]) };
    const leader = { hard: { term: 3, votedFor: null }, entries: logOf([1, ...Array<number>(5000).fill(3)]) };
    const cluster = new TestCluster({ nodes: 3, disks: { S1: leader, S2: leader, S3: tail } });
    let rejections = 0;
    cluster.onEffect = (_id, effect) => {
      if (effect.type === "send" && effect.message.type === "append-rejected") rejections++;
    };
    cluster.campaign("S1");
    cluster.pass(200);
    expect(cluster.state("S3").log.last).toEqual(cluster.state("S1").log.last);
    expect(rejections).toBeLessThanOrEqual(3);
  });

  test("an append carries what fits into its bytes, but at least one entry, and all arrive (§10.2.2)", () => {
    const sizes = [1, 400, 600, 600, 5000, 1, 999, 1000, 1, 1, 1];
    const cluster = new TestCluster({ nodes: 3, config: { maxBytesPerAppend: 1000, maxEntriesPerAppend: 3 } });
    cluster.campaign("S1");
    cluster.pass(50);
    const away = groups(["S1", "S2"]);
    for (const bytes of sizes) cluster.propose("S1", bytes, bytes);
    cluster.settle(away);
    const batches: number[][] = [];
    cluster.onEffect = (_id, effect) => {
      if (effect.type !== "send" || effect.to !== "S3" || effect.message.type !== "append-entries") return;
      if (effect.message.entries.length > 0) batches.push(effect.message.entries.map(({ bytes }) => bytes));
    };
    cluster.pass(200);
    expect(batches).toEqual([[1, 400], [600], [600], [5000], [1, 999], [1000], [1, 1, 1]]);
    expect(commands(cluster, "S3")).toEqual(sizes);
  });

  test("a follower that lost what it had acknowledged is reported, once a term, and keeps its match index", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    for (const command of ["a", "b"]) cluster.propose("S1", command);
    cluster.pass(100);
    const losses: unknown[] = [];
    cluster.onEffect = (id, effect) => {
      if (effect.type === "follower-lost-entries") losses.push({ id, ...effect });
    };
    cluster.crash("S3");
    cluster.node("S3").disk = { hard: { term: 0, votedFor: null }, entries: [] };
    cluster.restart("S3");
    const later = cluster.propose("S1", "c");
    cluster.pass(300);
    expect(cluster.answers.get(later)).toMatchObject({ type: "applied" });
    expect(losses).toEqual([
      { id: "S1", type: "follower-lost-entries", follower: "S3", refusedIndex: 3, matchIndex: 3 },
    ]);
    expect(cluster.state("S1").leadership?.progress.get("S3")?.matchIndex).toBe(3);
    cluster.campaign("S2", groups(["S2", "S3"]));
    expect(cluster.state("S1").role).toBe("leader");
  });

  test("lost messages are noticed at the next heartbeat and sent again (§3.5)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    const ref = cluster.propose("S1", "x");
    cluster.network = [];
    cluster.pass(100);
    expect(cluster.answers.get(ref)).toMatchObject({ type: "applied" });
    expect(commands(cluster, "S3")).toEqual(["x"]);
  });

  test("a follower answers heartbeats while its disk is busy, and promises nothing by that (§10.2.1)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    const ref = cluster.propose("S1", "x");
    const deliverAll = () => {
      while (cluster.network.length > 0) cluster.deliver(cluster.network.shift() as never);
    };
    deliverAll();
    for (let i = 0; i < 30; i++) {
      cluster.now += 10;
      for (const id of cluster.ids) cluster.tick(id);
      deliverAll();
    }
    expect(cluster.state("S1").role).toBe("leader");
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.settle();
    expect(cluster.answers.get(ref)).toMatchObject({ type: "applied" });
  });

  test("a late notice of a replaced write proves nothing (append, replace, append again)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    const send = (term: number, entryTerm: number) =>
      cluster.deliver({
        from: term === 2 ? "S3" : "S1",
        to: "S2",
        message: {
          type: "append-entries",
          term,
          prev: { index: 0, term: 0 },
          entries: [{ index: 1, term: entryTerm, kind: "command", command: `${entryTerm}`, bytes: 1 }],
          leaderCommit: 0,
          round: 0,
        },
      });
    send(1, 1);
    send(2, 2);
    cluster.state("S2").leader = null;
    cluster.sync("S2", 1);
    expect(cluster.state("S2").disk.durableIndex).toBe(0);
    cluster.sync("S2", 1);
    expect(cluster.state("S2").disk.durableIndex).toBe(1);
  });
});

describe("commit", () => {
  const disks = {
    S1: { hard: { term: 3, votedFor: null }, entries: logOf([1, 2]) },
    S2: { hard: { term: 3, votedFor: null }, entries: logOf([1, 2]) },
    S3: { hard: { term: 3, votedFor: null }, entries: logOf([1]) },
    S4: { hard: { term: 3, votedFor: null }, entries: logOf([1]) },
    S5: { hard: { term: 3, votedFor: null }, entries: logOf([1, 3]) },
  };
  const config = { preVote: false, checkQuorum: false, noop: false, maxEntriesPerAppend: 1 };

  test("Figure 8: an entry of an older term on a majority is not committed, and may be replaced (§3.6.2)", () => {
    const cluster = new TestCluster({ nodes: 5, disks, config });
    cluster.campaign("S1", groups(["S1", "S2", "S3"]));
    cluster.pass(50, groups(["S1", "S2", "S3"]));
    expect(terms(cluster, "S3")).toEqual([1, 2]);
    expect(cluster.state("S1").commitIndex).toBe(0);
    cluster.crash("S1");
    cluster.campaign("S5");
    cluster.campaign("S5");
    expect(cluster.state("S5").role).toBe("leader");
    cluster.propose("S5", "y");
    cluster.pass(100);
    expect(terms(cluster, "S2").slice(0, 2)).toEqual([1, 3]);
  });

  test("Figure 8 without the rule: a committed entry is replaced, and the cluster notices (§3.6.2)", () => {
    const cluster = new TestCluster({ nodes: 5, disks, config, rules: { mayCommitByCounting: () => true } });
    cluster.campaign("S1", groups(["S1", "S2", "S3"]));
    cluster.pass(50, groups(["S1", "S2", "S3"]));
    expect(cluster.state("S1").commitIndex).toBe(2);
    cluster.crash("S1");
    const replace = () => {
      cluster.campaign("S5");
      cluster.campaign("S5");
      cluster.pass(100);
    };
    expect(replace).toThrow("committed entries are never replaced");
  });

  test("an entry of its own term commits the older ones with it (§3.6.2)", () => {
    const cluster = new TestCluster({ nodes: 5, disks, config: { ...config, noop: true } });
    cluster.campaign("S1", groups(["S1", "S2", "S3"]));
    cluster.pass(50, groups(["S1", "S2", "S3"]));
    expect(cluster.state("S1").commitIndex).toBe(3);
  });

  test("the leader's own disk is one vote like any other: it may even be the slow one (§10.2.1)", () => {
    const cluster = new TestCluster({ nodes: 3 });
    cluster.campaign("S1");
    cluster.pass(50);
    const ref = cluster.propose("S1", "x");
    while (cluster.network.length > 0) cluster.deliver(cluster.network.shift() as never);
    cluster.sync("S2");
    while (cluster.network.length > 0) cluster.deliver(cluster.network.shift() as never);
    expect(cluster.answers.get(ref)).toBeUndefined();
    cluster.sync("S3");
    while (cluster.network.length > 0) cluster.deliver(cluster.network.shift() as never);
    expect(cluster.answers.get(ref)).toMatchObject({ type: "applied" });
  });
});

test("a restarted node applies nothing until a leader tells what is committed (§3.8)", () => {
  const disk = { hard: { term: 1, votedFor: null }, entries: logOf([1, 1]) };
  const cluster = new TestCluster({ nodes: 3, disks: { S1: disk } });
  cluster.tick("S1");
  expect(cluster.node("S1").applied).toEqual([]);
});

test("two leaders of one term: the node that sees it stops and says why", () => {
  const cluster = new TestCluster({ nodes: 3 });
  cluster.campaign("S1");
  const message = {
    type: "append-entries",
    term: 1,
    prev: { index: 0, term: 0 },
    entries: [],
    leaderCommit: 0,
    round: 0,
  } as const;
  expect(() => cluster.deliver({ from: "S3", to: "S1", message })).toThrow("a term has one leader");
});
