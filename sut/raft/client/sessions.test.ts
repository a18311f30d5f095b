import { afterEach, expect, test, vi } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { TestCluster } from "../node/test-cluster.ts";
import { raft } from "../system.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

test("increments of clients whose leaders are killed count once each, and all of them (§6.3)", async () => {
  cluster = await TestCluster.create(3, "read-index", {});
  cluster.startAll();
  await cluster.leader(patienceMs);
  const clients = ["n1", "n2", "n3", undefined].map((pinnedTo) =>
    raft.client(cluster!.nodes, { patienceMs: 1000, ...(pinnedTo === undefined ? {} : { pinnedTo }) }),
  );
  let going = true;
  let acknowledged = 0;
  const loops = clients.map(async (client) => {
    for (; going; acknowledged++) {
      const outcome = await client.invoke({ f: "incr", key: "n", value: 1 }, patienceMs);
      expect(outcome).toMatchObject({ type: "ok" });
    }
  });
  for (const atLeast of [50, 100, 150]) {
    await vi.waitUntil(() => acknowledged >= atLeast, { timeout: patienceMs });
    const leader = await cluster.leader(patienceMs);
    await cluster.signal(leader, "SIGKILL");
    await vi.waitUntil(() => acknowledged >= atLeast + 20, { timeout: patienceMs });
    cluster.start(leader);
  }
  going = false;
  await Promise.all(loops);
  const read = await clients[3]!.invoke({ f: "read", key: "n" }, patienceMs);
  expect(read).toMatchObject({ type: "ok", value: acknowledged });
  for (const client of clients) client.close();
});
