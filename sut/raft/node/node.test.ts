import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { wallClock } from "../../../time/clock.ts";
import { conductOf } from "../mutants/registry.ts";
import { nodeConfig, raft } from "../system.ts";
import type { FatalReason } from "./assemble.ts";
import { startNode } from "./node.ts";
import { DiskFull } from "./storage/errors.ts";
import { superblockBytes } from "./storage/superblock-format.ts";
import { FakeDisk } from "./storage/test-support/fake-disk.ts";
import { TestCluster, testSecret } from "./test-cluster.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

const value = "x".repeat(500);

/** A node of a cluster of one, in this process and on this disk. */
async function startOn(disk: FakeDisk, onFatal: (reason: FatalReason, cause: Error) => void) {
  cluster ??= await TestCluster.create(1, "log", { walSegmentBytes: 8192 });
  const options = { readMode: "log", knobs: { walSegmentBytes: 8192 } };
  return startNode({
    config: nodeConfig(cluster.node("n1"), cluster.nodes, options),
    ...conductOf(),
    log: pino({ enabled: false }),
    disk,
    secret: testSecret,
    newStoreId: () => "0123456789abcdef",
    clock: wallClock(),
    timeOfDayMs: Date.now,
    random: Math.random,
    onFatal,
  });
}

/** Writes k0, k1, … one after another until it is over, and says which was the last to be acknowledged. */
async function writeUntil(over: () => boolean): Promise<number> {
  const client = raft.client(cluster!.nodes, {});
  let acknowledged = -1;
  for (let n = 0; n < 100 && !over(); n++) {
    const { type } = await client.invoke({ f: "write", key: `k${n}`, value }, 3000);
    if (type === "ok") acknowledged = n;
  }
  client.close();
  return acknowledged;
}

test("a full disk stops the node, which loses nothing that it acknowledged and starts again when there is room", async () => {
  const disk = new FakeDisk();
  disk.room = superblockBytes + 8192;
  const fatal: { reason: FatalReason; cause: Error }[] = [];
  const node = await startOn(disk, (reason, cause) => fatal.push({ reason, cause }));
  const last = await writeUntil(() => fatal.length > 0);
  await node.close();
  expect(fatal).toHaveLength(1);
  expect(fatal[0]).toMatchObject({ reason: "diskFull" });
  expect(fatal[0]!.cause).toBeInstanceOf(DiskFull);
  expect(last).toBeGreaterThan(5);

  disk.room = 100_000;
  const again = await startOn(disk, (_, cause) => {
    throw cause;
  });
  const client = raft.client(cluster!.nodes, {});
  expect(await client.invoke({ f: "read", key: `k${last}` }, patienceMs)).toMatchObject({ type: "ok", value });
  expect(await client.invoke({ f: "write", key: "later", value }, patienceMs)).toMatchObject({ type: "ok" });
  client.close();
  await again.close();
});
