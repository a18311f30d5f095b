import { afterEach, expect, test } from "vitest";
import { raft } from "../system.ts";
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

test("a node ends cleanly on SIGTERM", async () => {
  cluster = await TestCluster.create(1, "log", {});
  cluster.startAll();
  await cluster.leader(patienceMs);
  expect(await cluster.signal("n1", "SIGTERM")).toBe(0);
});
