import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../../tests/test-support/patience.ts";
import { wallClock } from "../../../../time/clock.ts";
import { ClientConnection } from "../../client/client-connection.ts";
import { askOverHttp, httpTarget } from "../../client/http.ts";
import type { LogCommand } from "../../kv/commands.ts";
import type { RaftNode } from "../../ports.ts";
import { raft } from "../../system.ts";
import type { NodeStatus } from "../http/status.ts";
import { statusWhen, TestCluster } from "../test-cluster.ts";

let cluster: TestCluster;
afterEach(() => cluster.destroy());

const often = { snapshotEntries: 20, trailingEntries: 3 };
/** Carried over in dozens of pieces. */
const largeBytes = 500_000;

async function write(nodes: readonly RaftNode[], count: number, valueAt: (i: number) => unknown): Promise<void> {
  const client = raft.client(nodes, { knobs: { sessions: false } });
  const writes = Array.from({ length: count }, (_, i) => ({ f: "write", key: `k${i}`, value: valueAt(i) }));
  for (let at = 0; at < count; at += 4) {
    const outcomes = await Promise.all(writes.slice(at, at + 4).map((each) => client.invoke(each, patienceMs)));
    for (const outcome of outcomes) expect(outcome.type).toBe("ok");
  }
  client.close();
}

/**
 * Writes until the node's log begins after the index. One round may not do: a snapshot that is due while the one before it is
 * still being written is left out, and the next is due `snapshotEntries` later.
 */
async function writeUntilCompacted(writers: readonly RaftNode[], node: RaftNode, index: number): Promise<NodeStatus> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
    const status = await statusWhen(node, () => true, patienceMs);
    if (status.firstLogIndex > index) return status;
    await write(writers, 4, () => "more");
  }
  throw new Error(`the log of ${node.id} still begins before ${index} after ${patienceMs} ms`);
}

/** What the node itself holds. */
async function readAt(node: RaftNode, key: string): Promise<unknown> {
  const response = await askOverHttp(httpTarget(node), { path: `/kv/${key}?read=local` }, patienceMs);
  return response.json();
}

async function caughtUp(node: RaftNode, leader: RaftNode) {
  const { commitIndex } = await statusWhen(leader, () => true, patienceMs);
  return statusWhen(node, ({ lastApplied }) => lastApplied >= commitIndex, patienceMs);
}

/** Waits until a snapshot is arriving at the node. */
async function arriving(node: RaftNode): Promise<void> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
    const names = await readdir(join(node.dataDir, "snapshots")).catch(() => []);
    if (names.some((name) => name.endsWith(".part"))) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`no snapshot arrives at ${node.id}`);
}

/** Two nodes with a log that begins behind a large snapshot, and a third that has nothing yet. */
async function withLargeSnapshot(): Promise<{ leader: RaftNode; away: RaftNode }> {
  cluster = await TestCluster.create(3, "read-index", often);
  for (const id of ["n1", "n2"]) cluster.start(id);
  await cluster.leader(patienceMs);
  const there = cluster.nodes.slice(0, 2);
  await write(there, 60, (i) => `${i}`.padEnd(largeBytes, "x"));
  for (const node of there) await writeUntilCompacted(there, node, 30);
  return { leader: cluster.node(await cluster.leader(patienceMs)), away: cluster.node("n3") };
}

test("a follower that was away gets a snapshot and the rest of the log, and the leader stays", async () => {
  cluster = await TestCluster.create(3, "read-index", often);
  cluster.startAll();
  await write(cluster.nodes, 10, (i) => i);
  const leader = cluster.node(await cluster.leader(patienceMs));
  const away = cluster.nodes.find(({ id }) => id !== leader.id) as RaftNode;
  await cluster.signal(away.id, "SIGKILL");
  await write([leader], 200, (i) => -i);
  const { term } = await writeUntilCompacted([leader], leader, 180);
  cluster.start(away.id);
  const status = await caughtUp(away, leader);
  expect(status).toMatchObject({ term, leader: leader.id });
  expect(status.snapshotIndex).toBeGreaterThanOrEqual(180);
  expect([await readAt(away, "k199"), await readAt(away, "k5")]).toEqual([-199, -5]);
  expect(cluster.output.get(away.id)).toContain(`received the snapshot of`);
});

test("a follower that is killed while a snapshot arrives gets the rest of it later", async () => {
  const { leader, away } = await withLargeSnapshot();
  cluster.start(away.id);
  await arriving(away);
  await cluster.signal(away.id, "SIGKILL");
  cluster.start(away.id);
  await caughtUp(away, leader);
  expect(await readAt(away, "k59")).toBe("59".padEnd(largeBytes, "x"));
});

test("another leader goes on when the first is killed in the middle of a transfer", async () => {
  const { leader, away } = await withLargeSnapshot();
  cluster.start(away.id);
  await arriving(away);
  await cluster.signal(leader.id, "SIGKILL");
  const other = cluster.node(leader.id === "n1" ? "n2" : "n1");
  await statusWhen(other, ({ role }) => role === "leader", patienceMs);
  await caughtUp(away, other);
  expect(await readAt(away, "k59")).toBe("59".padEnd(largeBytes, "x"));
  cluster.start(leader.id);
  await caughtUp(leader, other);
});

test("members, values and sessions survive a restart of everything from snapshots", async () => {
  cluster = await TestCluster.create(4, "read-index", often);
  cluster.startAll();
  const leader = cluster.node(await cluster.leader(patienceMs));
  const removed = cluster.nodes.find(({ id }) => id !== leader.id) as RaftNode;
  await write([leader], 4, (i) => i);
  const removal = await askOverHttp(
    httpTarget(leader),
    { method: "DELETE", path: `/members/${removed.id}` },
    patienceMs,
  );
  expect(removal.status).toBe(200);
  const rest = cluster.nodes.filter(({ id }) => id !== removed.id);
  const session = await carryOut(rest, { type: "open-session" });
  const incr = { type: "incr", key: "count", by: 1 } as const;
  const once = { type: "once", session: session as number, sequence: 1, command: incr } as const;
  expect(await carryOut(rest, once)).toBe(1);
  await write(rest, 50, (i) => i);
  for (const node of rest) await writeUntilCompacted(rest, node, 30);
  for (const { id } of cluster.nodes) await cluster.signal(id, "SIGKILL");
  for (const { id } of rest) cluster.start(id);
  expect(await carryOut(rest, once)).toBe(1);
  const status = await statusWhen(rest[0] as RaftNode, () => true, patienceMs);
  expect(status.membership.incoming).toEqual(rest.map(({ id }) => id));
  expect(await readAt(cluster.node(await cluster.leader(patienceMs)), "count")).toBe(1);
});

/** Carries a command out at whoever leads; the same one until it is. */
async function carryOut(nodes: readonly RaftNode[], command: LogCommand): Promise<unknown> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
    for (const node of nodes) {
      const connection = new ClientConnection(node, wallClock());
      const attempt = await connection.ask({ command }, 1000);
      connection.close();
      if (attempt.type === "answered" && attempt.answer.type === "ok") return attempt.answer.value;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody carried out ${JSON.stringify(command)}`);
}
