import { once } from "node:events";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { pack } from "msgpackr";
import { afterEach, expect, test, vi } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { askOverHttp, type HttpRequest, httpTarget } from "../client/http.ts";
import type { RaftNode } from "../ports.ts";
import { greet } from "../protocol/greet.ts";
import { raft } from "../system.ts";
import { exitCodes } from "./exit-codes.ts";
import { statusWhen, TestCluster, testSecret } from "./test-cluster.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

const firstSegment = join("wal", "0000000001-0000000000000001.wal");

test("what was acknowledged survives the leader's death and a restart of everything", async () => {
  cluster = await TestCluster.create(3, "read-index", {});
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  expect(await client.invoke({ f: "read", key: "k" }, patienceMs)).toMatchObject({ type: "ok", value: null });
  expect(await client.invoke({ f: "write", key: "k", value: 1 }, patienceMs)).toMatchObject({ type: "ok", value: 1 });
  expect(await client.invoke({ f: "cas", key: "k", value: [1, 2] }, patienceMs)).toMatchObject({
    type: "ok",
    value: [1, 2],
  });
  const refused = await client.invoke({ f: "cas", key: "k", value: [1, 3] }, patienceMs);
  expect(refused).toMatchObject({ type: "fail", error: "cas-mismatch" });
  const txn = {
    f: "txn",
    value: [
      ["r", "k", null],
      ["append", "list", "a"],
    ],
  };
  expect(await client.invoke(txn, patienceMs)).toMatchObject({ type: "ok", value: [["r", "k", 2], txn.value[1]] });
  expect(await client.invoke({ f: "incr", key: "count", value: 3 }, patienceMs)).toMatchObject({
    type: "ok",
    value: 3,
  });
  const mistaken = await client.invoke({ f: "incr", key: "list", value: 1 }, patienceMs);
  expect(mistaken).toMatchObject({ type: "fail", error: "wrong-type" });

  const leader = await cluster.leader(patienceMs);
  await cluster.signal(leader, "SIGKILL");
  expect(await client.invoke({ f: "write", key: "l", value: { deep: [null] } }, patienceMs)).toMatchObject({
    type: "ok",
  });
  client.close();

  for (const { id } of cluster.nodes) if (id !== leader) await cluster.signal(id, "SIGKILL");
  cluster.startAll();
  const later = raft.client(cluster.nodes, {});
  expect(await later.invoke({ f: "read", key: "k" }, patienceMs)).toMatchObject({ type: "ok", value: 2 });
  expect(await later.invoke({ f: "read", key: "l" }, patienceMs)).toMatchObject({
    type: "ok",
    value: { deep: [null] },
  });
  expect(await later.invoke({ f: "read", key: "list" }, patienceMs)).toMatchObject({ type: "ok", value: ["a"] });
  expect(await later.invoke({ f: "incr", key: "count", value: 1 }, patienceMs)).toMatchObject({ type: "ok", value: 4 });
  later.close();
});

test("x = 1, x = 2, one more: 3 on every node, also after a retry and a restart of everything", async () => {
  cluster = await TestCluster.create(3, "local", {});
  cluster.startAll();
  const leader = await cluster.leader(patienceMs);
  const client = raft.client(cluster.nodes, { patienceMs: 500 });
  for (const value of [1, 2]) {
    expect(await client.invoke({ f: "write", key: "x", value }, patienceMs)).toMatchObject({ type: "ok" });
  }
  // The leader has the increment in its socket while the client asks its successor, and hears it when it wakes up.
  await cluster.signal(leader, "SIGSTOP");
  expect(await client.invoke({ f: "incr", key: "x", value: 1 }, patienceMs)).toMatchObject({ type: "ok", value: 3 });
  await cluster.signal(leader, "SIGCONT");
  client.close();
  expect(await everywhere(cluster, "x")).toEqual([3, 3, 3]);

  for (const { id } of cluster.nodes) await cluster.signal(id, "SIGKILL");
  cluster.startAll();
  expect(await everywhere(cluster, "x")).toEqual([3, 3, 3]);
});

/** What each node's own state has under the key, once all follow one leader and have applied the whole log. */
async function everywhere({ nodes }: TestCluster, key: string): Promise<unknown[]> {
  await vi.waitUntil(async () => {
    const all = await Promise.all(nodes.map((node) => statusWhen(node, ({ leader }) => leader !== null, patienceMs)));
    const [first] = all;
    return all.every(
      ({ term, lastApplied, lastLogIndex }) =>
        term === first?.term && lastApplied === lastLogIndex && lastLogIndex === first.lastLogIndex,
    );
  }, patienceMs);
  return Promise.all(
    nodes.map(async (node) => {
      const request = { path: `/kv/${key}?read=local` };
      return (await askOverHttp(httpTarget(node), request, patienceMs)).json();
    }),
  );
}

test("a leader that was paused follows its successor, and clients find that one", async () => {
  cluster = await TestCluster.create(3, "read-index", {});
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  await client.invoke({ f: "write", key: "k", value: 1 }, patienceMs);
  const deposed = await cluster.leader(patienceMs);
  await cluster.signal(deposed, "SIGSTOP");
  const rest = cluster.nodes.filter(({ id }) => id !== deposed);
  const other = raft.client(rest, {});
  expect(await other.invoke({ f: "write", key: "k", value: 2 }, patienceMs)).toMatchObject({ type: "ok" });
  other.close();
  await cluster.signal(deposed, "SIGCONT");
  const pinned = raft.client(cluster.nodes, { pinnedTo: deposed });
  expect(await pinned.invoke({ f: "read", key: "k" }, patienceMs)).toMatchObject({ type: "ok", value: 2 });
  pinned.close();
  client.close();
});

const damages: Record<string, (files: { log: Buffer; early: Buffer; other: Buffer }) => Buffer> = {
  "is cut behind its first records": ({ log }) => log.subarray(0, 300),
  "lacks its last byte, which was never written to": ({ log }) => log.subarray(0, -1),
  "has a flipped bit in its opening": ({ log }) => flipped(log, 40),
  "has a flipped bit in its last record": ({ log }) => flipped(log, endOf(log) - 4),
  "has zeros in the place of its last record": ({ log }) => Buffer.from(log).fill(0, endOf(log) - 60),
  "is an earlier copy of itself": ({ early }) => early,
  "is another node's": ({ other }) => other,
};

test("a log that no crash can have left so is refused, with file and offset, and exit code 74", async () => {
  cluster = await TestCluster.create(1, "log", {});
  const other = await TestCluster.create(1, "log", {});
  try {
    const [log, otherLog] = [cluster, other].map(({ nodes }) => join(nodes[0]!.dataDir, firstSegment)) as [
      string,
      string,
    ];
    const early = await logAfterWrites(cluster, 1, log);
    const files = {
      early,
      log: await logAfterWrites(cluster, 60, log),
      other: await logAfterWrites(other, 60, otherLog),
    };
    for (const [damage, damaged] of Object.entries(damages)) {
      await writeFile(log, damaged(files));
      cluster.output.clear();
      cluster.start("n1");
      expect(await cluster.exit("n1"), damage).toBe(exitCodes.storage);
      expect(cluster.output.get("n1"), damage).toContain(`raft-node: ${log} is corrupt at byte `);
      expect(cluster.output.get("n1"), damage).toContain(
        "replace its disk, or give it an empty data directory under a new id",
      );
    }
    await rm(log);
    cluster.start("n1");
    expect(await cluster.exit("n1")).toBe(exitCodes.storage);
    expect(cluster.output.get("n1")).toContain("is incomplete: segment 1 is missing, which was synced up to byte ");

    await writeFile(log, files.log);
    cluster.start("n1");
    const client = raft.client(cluster.nodes, {});
    for (let write = 1; write <= 60; write++) {
      const read = await client.invoke({ f: "read", key: `k${write}` }, patienceMs);
      expect(read).toMatchObject({ type: "ok", value: write });
    }
    client.close();
  } finally {
    await other.destroy();
  }
}, 60_000);

/** The first segment of a cluster of one that acknowledged so many writes and was ended. */
async function logAfterWrites(cluster: TestCluster, writes: number, path: string): Promise<Buffer> {
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  for (let write = 1; write <= writes; write++) {
    expect(await client.invoke({ f: "write", key: `k${write}`, value: write }, patienceMs)).toMatchObject({
      type: "ok",
    });
  }
  client.close();
  await cluster.signal("n1", "SIGTERM");
  return readFile(path);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = damaged[at]! ^ 1;
  return damaged;
}

/** Where the zeros begin that a segment ends with. */
function endOf(bytes: Buffer): number {
  return bytes.findLastIndex((byte) => byte !== 0) + 1;
}

test("a port that is taken is named in one line, with exit code 71", async () => {
  cluster = await TestCluster.create(1, "log", {});
  const { port } = cluster.node("n1").addresses.listen.client;
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  cluster.start("n1");
  expect(await cluster.exit("n1")).toBe(exitCodes.portTaken);
  other.close();
  expect(cluster.output.get("n1")).toContain(`n1 cannot listen on 127.0.0.1:${port} (client): EADDRINUSE`);
});

test("a second process of a node ends before it touches the log that the first one writes", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.start("n1");
  await cluster.leader(patienceMs);
  const path = join(cluster.node("n1").dataDir, firstSegment);
  // As the file can look in the middle of a write: whoever recovers it cuts a torn record off.
  await appendFile(path, Buffer.alloc(20, 1));
  const during = await readFile(path);
  cluster.start("n1");
  expect(await cluster.exit("n1")).toBe(exitCodes.portTaken);
  expect((await readFile(path)).equals(during)).toBe(true);
  expect(cluster.output.get("n1")).toMatch(/n1 cannot listen on 127\.0\.0\.1:\d+ \(peer\): EADDRINUSE/);
});

test("a data directory that cannot be used is told in one line, with exit code 74", async () => {
  cluster = await TestCluster.create(1, "log", {});
  const { dataDir } = cluster.node("n1");
  await writeFile(dataDir, "a file");
  cluster.start("n1");
  expect(await cluster.exit("n1")).toBe(exitCodes.storage);
  expect(cluster.output.get("n1")).toContain(`raft-node: ${dataDir} cannot be made: EEXIST`);
});

test("a follower that was down catches up on large values, and the leader stays", async () => {
  // Twice the default, so that a busy machine alone deposes nobody.
  cluster = await TestCluster.create(3, "local", { electionTimeoutMs: 1000 });
  for (const id of ["n1", "n2"]) cluster.start(id);
  const leader = cluster.node(await cluster.leader(patienceMs));
  const clients = [0, 1, 2, 3].map(() => raft.client([leader], {}));
  const value = "x".repeat(950_000);
  for (let i = 0; i < 200; i += 4) {
    const writes = clients.map((client, j) => client.invoke({ f: "write", key: `k${i + j}`, value }, patienceMs));
    for (const outcome of await Promise.all(writes)) expect(outcome.type).toBe("ok");
  }
  for (const client of clients) client.close();
  const before = await statusWhen(leader, ({ commitIndex }) => commitIndex >= 200, patienceMs);
  cluster.start("n3");
  const caughtUp = await statusWhen(
    cluster.node("n3"),
    ({ lastApplied }) => lastApplied >= before.commitIndex,
    patienceMs,
  );
  expect(caughtUp).toMatchObject({ term: before.term, leader: leader.id });
  expect(await statusWhen(leader, () => true, patienceMs)).toMatchObject({ role: "leader", term: before.term });
});

test("a follower that lost what it had acknowledged is told of by the leader", async () => {
  cluster = await TestCluster.create(3, "local", {});
  cluster.startAll();
  const leader = await cluster.leader(patienceMs);
  const client = raft.client([cluster.node(leader)], {});
  for (const value of [1, 2, 3]) await client.invoke({ f: "write", key: "k", value }, patienceMs);
  client.close();
  const wiped = cluster.nodes.find(({ id }) => id !== leader) as RaftNode;
  await statusWhen(wiped, ({ lastApplied }) => lastApplied >= 4, patienceMs);
  await cluster.signal(wiped.id, "SIGKILL");
  await rm(wiped.dataDir, { recursive: true });
  cluster.start(wiped.id);
  await statusWhen(wiped, (status) => status.leader === leader, patienceMs);
  await cluster.said(leader, `${wiped.id} refused entries that it had acknowledged: it lacks`, patienceMs);
});

test("people use it over HTTP, and are sent on to the leader", async () => {
  cluster = await TestCluster.create(3, "read-index", { electionTimeoutMs: "300" });
  cluster.startAll();
  const leader = await cluster.leader(patienceMs);
  const ask = (id: string, request: HttpRequest) => askOverHttp(httpTarget(cluster!.node(id)), request, patienceMs);
  const call = async (id: string, path: string, method = "GET", body?: string) => {
    const response = await ask(id, { method, path, body });
    return [response.status, await response.json()];
  };
  const follower = cluster.nodes.find(({ id }) => id !== leader)!;
  await statusWhen(follower, (status) => status.leader === leader, patienceMs);
  expect(await call(follower.id, "/kv/x", "PUT", "1")).toEqual([200, 1]);
  expect(await call(follower.id, "/kv/x/cas", "POST", '{"expected":1,"value":2}')).toEqual([200, 2]);
  expect(await call(leader, "/kv/x/incr", "POST", '{"by":3}')).toEqual([200, 5]);
  expect(await call(follower.id, "/kv/x")).toEqual([200, 5]);
  await statusWhen(follower, ({ lastApplied }) => lastApplied >= 4, patienceMs);
  expect(await call(follower.id, "/kv/x?read=local")).toEqual([200, 5]);

  const membership = { incoming: ["n1", "n2", "n3"], outgoing: [] };
  expect(await call(leader, "/status")).toMatchObject([
    200,
    { id: leader, role: "leader", leader, votedFor: leader, firstLogIndex: 1, snapshotIndex: 0, membership },
  ]);
  const metrics = await (await ask(leader, { path: "/metrics" })).text();
  for (const line of [
    'raft_role{role="leader"} 1',
    "raft_fsync_ms_count",
    "raft_batch_entries_sum",
    "raft_voters 3",
    "raft_wal_bytes 16777216",
  ]) {
    expect(metrics).toContain(line);
  }
});

test("a key __proto__ comes back as it was put in: over HTTP, from a client, and from a snapshot", async () => {
  cluster = await TestCluster.create(1, "log", { snapshotEntries: 4, trailingEntries: 0 });
  cluster.startAll();
  await cluster.leader(patienceMs);
  const text = '{"__proto__":{"a":1},"constructor":[{"__proto__":null}]}';
  const ask = async (request: Omit<HttpRequest, "path">) => {
    const asked = { path: "/kv/__proto__", ...request };
    return (await askOverHttp(httpTarget(cluster!.node("n1")), asked, patienceMs)).text();
  };
  expect(await ask({ method: "PUT", body: text })).toBe(`${text}\n`);
  const client = raft.client(cluster.nodes, {});
  for (let n = 0; n < 8; n++) await client.invoke({ f: "incr", key: "n", value: 1 }, patienceMs);
  const read = await client.invoke({ f: "read", key: "__proto__" }, patienceMs);
  expect(JSON.stringify(read.value)).toBe(text);
  client.close();
  await statusWhen(cluster.node("n1"), ({ snapshotIndex }) => snapshotIndex >= 4, patienceMs);
  await cluster.signal("n1", "SIGKILL");
  cluster.start("n1");
  await cluster.leader(patienceMs);
  expect(await ask({})).toBe(`${text}\n`);
});

test("a request that cannot be read ends its own connection, and nothing else", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  await client.invoke({ f: "write", key: "k", value: 1 }, patienceMs);
  const { port } = cluster.node("n1").addresses.listen.client;
  const nested = [128, 1_000, 1_500, 5_000, 900_000].map((depth) => writeOf("[".repeat(depth) + "]".repeat(depth)));
  for (const body of [Buffer.of(0xc1), pack({ op: "dance" }), ...nested]) {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    await greet(socket, "client", { from: "client", to: "n1" }, testSecret);
    const closed = once(socket, "close");
    socket.write(Buffer.concat([header, body]));
    socket.resume();
    await closed;
  }
  expect(await client.invoke({ f: "write", key: "k", value: 2 }, patienceMs)).toMatchObject({ type: "ok" });
  expect(cluster.output.get("n1")).toContain("a request that cannot be read: nested more than 128 levels deep");
  client.close();
});

function writeOf(value: string): Buffer {
  return pack({ id: 1, command: Buffer.from(`{"type":"put","key":"k","value":${value}}`) });
}

test("a node ends cleanly on SIGTERM", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.startAll();
  await cluster.leader(patienceMs);
  expect(await cluster.signal("n1", "SIGTERM")).toBe(0);
});
