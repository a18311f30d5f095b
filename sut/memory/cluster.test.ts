import { expect, test } from "vitest";
import type { Completion, Operation } from "../../history/event.ts";
import { randomStream } from "../../random/stream.ts";
import { sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { type Bug, bugs } from "./bugs.ts";
import { MemoryCluster } from "./cluster.ts";
import { bugsOf, knobsSchema } from "./knobs.ts";

const nodes = ["n1", "n2", "n3"];

/** A cluster on which time stands still, but for what the test lets pass. */
function clusterWith(bug: string, lost = 0) {
  const clock = new VirtualTime();
  const cluster = new MemoryCluster(
    { nodes, bugs: bugsOf(bug), delayMs: 0, lost },
    { random: randomStream(1, "test"), clock },
  );
  const at = (node: string) => {
    const client = cluster.client({ pinnedTo: node });
    return (f: string, key: string, value: unknown = null) => client.invoke({ f, key, value }, 1000);
  };
  const pass = (ms: number) => clock.run(() => sleepMs(clock, ms));
  return { pass, cluster, at, n1: at("n1"), n3: at("n3") };
}

/** How many of so many tries answer something else than what is right. */
async function countWrong(tries: number, wrong: (attempt: number) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let attempt = 0; attempt < tries; attempt++) if (await wrong(attempt)) count++;
  return count;
}

test("without bugs every node answers from the same state, at once", async () => {
  const { n1, n3 } = clusterWith("none");
  expect(await n1("write", "k", 1)).toEqual({ type: "ok", value: 1, node: "n1" });
  expect(await n3("read", "k")).toEqual({ type: "ok", value: 1, node: "n3" });
  expect(await n3("cas", "k", [2, 3])).toEqual({ type: "fail", error: "cas-mismatch", node: "n3", value: [2, 3] });
  expect(await n1("incr", "n", 5)).toMatchObject({ value: 5 });
  expect(await n1("append", "n", 5)).toMatchObject({ type: "fail", error: "wrong-type" });
});

test("a closed client does nothing, and says that it does not know", async () => {
  const { cluster } = clusterWith("none");
  const client = cluster.client({});
  client.close();
  expect(await client.invoke({ f: "write", key: "k", value: 1 }, 1000)).toMatchObject({ type: "info" });
});

test("of requests that get lost some were carried out and some were not", async () => {
  const { n1 } = clusterWith("none", 0.5);
  const outcomes: Completion[] = [];
  for (let value = 0; value < 100; value++) outcomes.push(await n1("append", "k", value));
  let read = await n1("read", "k");
  while (read.type !== "ok") read = await n1("read", "k");
  const done = (read.value as unknown[]).length;
  const acknowledged = outcomes.filter(({ type }) => type === "ok").length;
  expect(done).toBeGreaterThan(acknowledged);
  expect(done).toBeLessThan(outcomes.length);
});

test("stale-replica: the last node answers what was, the others what is", async () => {
  const { pass, n1, n3 } = clusterWith("stale-replica");
  await n1("write", "k", 1);
  await pass(1000);
  await n1("write", "k", 2);
  expect([await n1("read", "k"), await n3("read", "k")]).toMatchObject([{ value: 2 }, { value: 1 }]);
  await pass(1000);
  expect(await n3("read", "k")).toMatchObject({ value: 2 });
});

test("long-fork: two nodes see two writes in opposite orders", async () => {
  const { pass, cluster, n1 } = clusterWith("long-fork");
  await pass(1000);
  await n1("write", "x0", 1);
  await n1("write", "x1", 1);
  const both: Operation = {
    f: "txn",
    value: [
      ["r", "x0", null],
      ["r", "x1", null],
    ],
  };
  const seen = async (node: string) => (await cluster.client({ pinnedTo: node }).invoke(both, 1000)).value;
  expect(await seen("n1")).toEqual([
    ["r", "x0", null],
    ["r", "x1", 1],
  ]);
  expect(await seen("n2")).toEqual([
    ["r", "x0", 1],
    ["r", "x1", null],
  ]);
});

test("lost-acknowledgement: what was acknowledged is sometimes not there", async () => {
  const { n1 } = clusterWith("lost-acknowledgement");
  const lost = await countWrong(400, async (value) => {
    expect(await n1("write", "k", value)).toMatchObject({ type: "ok", value });
    return (await n1("read", "k")).value !== value;
  });
  expect(lost).toBeGreaterThan(0);
  expect(lost).toBeLessThan(100);
});

test("double-apply, reordered-queue, duplicate-id: lists and numbers come out wrong sometimes", async () => {
  const doubled = clusterWith("double-apply").n1;
  for (let value = 0; value < 100; value++) await doubled("append", "k", value);
  expect(((await doubled("read", "k")).value as unknown[]).length).toBeGreaterThan(100);

  const reordered = clusterWith("reordered-queue").n1;
  for (let value = 0; value < 100; value++) await reordered("append", "k", value);
  const list = (await reordered("read", "k")).value as number[];
  expect(list).not.toEqual(list.toSorted((a, b) => a - b));
  expect(new Set(list).size).toBe(100);

  const repeated = clusterWith("duplicate-id").n1;
  const ids = new Set<unknown>();
  for (let time = 0; time < 100; time++) ids.add((await repeated("incr", "k", 1)).value);
  expect(ids.size).toBeLessThan(100);
});

test("lost-update and split-lock: a compare that does not hold goes through sometimes", async () => {
  for (const bug of ["lost-update", "split-lock"]) {
    const { n1 } = clusterWith(bug);
    await n1("write", "k", "held");
    expect(await countWrong(100, async () => (await n1("cas", "k", [null, "held"])).type === "ok")).toBeGreaterThan(0);
  }
});

test("the knob takes names by comma, and refuses others with what there is", () => {
  expect(bugsOf("dirty-read, stale-replica").map(({ name }) => name)).toEqual(["stale-replica", "dirty-read"]);
  expect(knobsSchema.parse({})).toEqual({ bug: "none", delayMs: 2, lost: 0 });
  expect(knobsSchema.safeParse({ bug: "rust" }).error?.issues[0]?.message).toMatch(/^expected none, or some of stale-/);
});

test("bugs have names of their own", () => {
  expect(new Set(bugs.map(({ name }: Bug) => name)).size).toBe(bugs.length);
});
