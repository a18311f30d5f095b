import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { raft } from "../system.ts";
import { exitCodes } from "./exit-codes.ts";
import { TestCluster } from "./test-cluster.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

const patienceMs = 15_000;

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

test("a damaged log is refused, with file and offset, and exit code 74", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  await client.invoke({ f: "write", key: "k", value: 1 }, patienceMs);
  await client.invoke({ f: "write", key: "k", value: 2 }, patienceMs);
  client.close();
  await cluster.signal("n1", "SIGKILL");
  const path = join(cluster.node("n1").dataDir, "wal.log");
  const bytes = await readFile(path);
  bytes[21] = (bytes[21] ?? 0) ^ 1;
  await writeFile(path, bytes);
  cluster.start("n1");
  expect(await cluster.exit("n1")).toBe(exitCodes.storage);
  expect(cluster.output.get("n1")).toContain(`${path} is corrupt at byte 8`);
});

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

test("status and metrics are served, and errors are JSON with a code", async () => {
  cluster = await TestCluster.create(1, "read-index", { electionTimeoutMs: "200" });
  cluster.startAll();
  await cluster.leader(patienceMs);
  const { port } = cluster.node("n1").addresses.listen.http;
  const status = await (await fetch(`http://127.0.0.1:${port}/status`)).json();
  expect(status).toMatchObject({ id: "n1", role: "leader", term: 1, leader: "n1", votedFor: "n1", peers: {} });
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toContain('raft_role{role="leader"} 1');
  expect(metrics).toContain("raft_fsync_ms_count");
  const missing = await fetch(`http://127.0.0.1:${port}/nothing`);
  expect([missing.status, await missing.json()]).toMatchObject([404, { code: "not-found" }]);
});

test("a node ends cleanly on SIGTERM", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.startAll();
  await cluster.leader(patienceMs);
  expect(await cluster.signal("n1", "SIGTERM")).toBe(0);
});
