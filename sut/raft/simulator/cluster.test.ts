import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Impairment } from "../../../hosts/host.ts";
import type { Administration } from "../../administration.ts";
import { ordeal, quickKnobs, VirtualCluster } from "./test-support/virtual-cluster.ts";

const seeds = (count: number): number[] => Array.from({ length: count }, (_, place) => place + 1);

test("nodes elect a leader, answer clients, and go on without a leader that is killed", async () => {
  const cluster = new VirtualCluster({ seed: 1 });
  await cluster.run(async () => {
    await cluster.startAll();
    const first = await cluster.leader();
    const client = cluster.client();
    expect(await client.invoke({ f: "write", key: "k", value: 1 }, 1000)).toMatchObject({ type: "ok", node: first });
    expect(await cluster.host.kill(first)).toMatchObject({ subject: first, proves: true });
    expect(await cluster.host.alive(first)).toBe(false);
    expect(await client.invoke({ f: "read", key: "k" }, 3000)).toMatchObject({ type: "ok", value: 1 });
    expect(await cluster.leader()).not.toBe(first);
    await cluster.start(first);
    await cluster.sleep(1000);
    const views = await cluster.look();
    expect(views).toHaveLength(3);
    expect(new Set(views.map(({ commitIndex }) => commitIndex)).size).toBe(1);
  });
  expect(cluster.violation).toBeNull();
});

test("a paused leader is deposed, hears of that before it looks at its clock, and is silent meanwhile", async () => {
  const cluster = new VirtualCluster({ seed: 2 });
  await cluster.run(async () => {
    await cluster.startAll();
    const first = await cluster.leader();
    const all = cluster.host.nodes.map(({ id }) => id);
    await cluster.sleep(100);
    expect(cluster.followed(all)).toBe(first);
    const pause = await cluster.host.inject(first, { kind: "pause" });
    expect(pause.evidence).toMatchObject([{ observation: `virtual process 1 of ${first} is paused` }]);
    expect(await cluster.host.alive(first)).toBe(true);
    await cluster.sleep(1000);
    expect((await cluster.look()).map(({ node }) => node)).not.toContain(first);
    const second = await cluster.leader();
    expect(second).not.toBe(first);
    expect(cluster.followed(all)).toBeNull();
    expect(cluster.followed(all.filter((id) => id !== first))).toBe(second);
    expect(await pause.heal()).toMatchObject([{ proves: true }]);
    await cluster.sleep(100);
    expect((await cluster.look()).filter(({ role }) => role === "leader")).toHaveLength(1);
  });
});

test("a leader that is cut off loses its majority; the evidence of mending says what was kept back", async () => {
  const cluster = new VirtualCluster({ seed: 3, world: { network: { resetsPerMinute: 0 } } });
  await cluster.run(async () => {
    await cluster.startAll();
    const first = await cluster.leader();
    const others = ["n1", "n2", "n3"].filter((id) => id !== first);
    const edges = others.flatMap((id) => [[first, id] as const, [id, first] as const]);
    const cut = await cluster.host.cut(edges);
    expect(cut.evidence).toHaveLength(4);
    expect(cut.evidence[0]).toEqual({ subject: `${first}->${others[0]}`, observation: "cut", proves: true });
    await cluster.sleep(1000);
    expect(others).toContain(await cluster.leader());
    const mended = await cut.heal();
    expect(mended.map(({ proves }) => proves)).toEqual([true, true, true, true]);
    expect(mended[0]!.observation).toMatch(/^open; [1-9]\d* messages were kept back$/);
    expect(await cut.heal()).toEqual([]);
  });
});

test.each<Impairment>([
  { kind: "link-slow", delayMs: 200, jitterMs: 50 },
  { kind: "link-lossy", share: 0.1 },
  { kind: "link-duplicate", share: 0.1 },
  { kind: "link-reorder", share: 0.1 },
  { kind: "link-rate", bytesPerSecond: 8000 },
  { kind: "link-reset", share: 0.05 },
])("$kind is measured on the edges that it hits, and gone when its last share heals", async (impairment) => {
  const cluster = new VirtualCluster({ seed: 5 });
  await cluster.run(async () => {
    await cluster.startAll();
    await cluster.leader();
    const edges = [["n1", "n2"] as const, ["n3", "n1"] as const];
    const one = await cluster.host.impair(edges, impairment);
    expect(
      one.evidence.map(({ subject, proves }) => [subject, proves]),
      JSON.stringify(one.evidence),
    ).toEqual([
      ["n1->n2", true],
      ["n3->n1", true],
    ]);
    const other = await cluster.host.impair(edges.slice(0, 1), { ...impairment });
    await cluster.sleep(1000);
    expect(await one.heal()).toMatchObject([
      { subject: "n1->n2", observation: "another fault still holds it", proves: true },
      { subject: "n3->n1", proves: true },
    ]);
    expect(await other.heal()).toMatchObject([{ subject: "n1->n2", proves: true }]);
  });
});

test("operators change members and hand the leadership over", async () => {
  const cluster = new VirtualCluster({ seed: 4 });
  await cluster.run(async () => {
    await cluster.startAll();
    const administration = cluster.system.administration as Required<Administration>;
    const first = await cluster.leader();
    const [to, removed] = ["n1", "n2", "n3"].filter((id) => id !== first);
    expect(await administration.transferLeadership(cluster.host.nodes, to!, 2000)).toMatchObject({ done: true });
    const change = { type: "remove", node: removed! } as const;
    expect(await administration.changeMembers(cluster.host.nodes, change, 2000)).toMatchObject({ done: true });
    expect(await administration.members(cluster.host.nodes, 2000)).toEqual({
      voters: [first, to].sort(),
      learners: [],
    });
    expect(await administration.changeMembers(cluster.host.nodes, change, 2000)).toMatchObject({
      done: false,
      observation: expect.stringContaining("unknown-member"),
    });
  });
});

test("logs and traces are collected, in virtual time", async () => {
  const cluster = new VirtualCluster({ seed: 5, knobs: { ...quickKnobs, trace: true } });
  await cluster.run(async () => {
    await cluster.startAll();
    await cluster.leader();
  });
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-sim-logs-"));
  try {
    await cluster.host.collectLogs(folder);
    const [line] = (await readFile(join(folder, "n1.log"), "utf8")).split("\n");
    expect(JSON.parse(line!)).toMatchObject({ node: "n1", event: "recovery" });
    const [started] = (await readFile(join(folder, "n1.trace.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(started!)).toMatchObject({ node: "n1", ev: "start" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("nothing that was acknowledged is lost, whatever was killed, cut off and paused, and no invariant is broken", async () => {
  let acknowledged = 0;
  for (const seed of seeds(200)) {
    const seen = await ordeal({ seed, knobs: { ...quickKnobs, snapshotEntries: 30, trailingEntries: 5 } });
    expect(seen.violation, `seed ${seed}`).toBeNull();
    expect(seen.found, `seed ${seed}`).not.toBeNull();
    const found = new Set(seen.found);
    expect(
      seen.acknowledged.filter((value) => !found.has(value)),
      `seed ${seed}: acknowledged, and lost`,
    ).toEqual([]);
    expect(seen.found, `seed ${seed}: carried out twice`).toHaveLength(found.size);
    acknowledged += seen.acknowledged.length;
  }
  expect(acknowledged).toBeGreaterThan(200);
});

test("the same seed gives the same story, and another seed another", async () => {
  const [one, again, other] = [await ordeal({ seed: 7 }), await ordeal({ seed: 7 }), await ordeal({ seed: 8 })];
  expect(again.story).toEqual(one.story);
  expect(other.story).not.toEqual(one.story);
});

test("followers that acknowledge what their disk does not hold yet lose what a client was promised", async () => {
  const world = { disk: { losesUnsynced: true, syncMs: [5, 30] as const } };
  let lost = 0;
  let broken = 0;
  for (const seed of seeds(30)) {
    const seen = await ordeal({ seed, world, mutant: "M28" });
    const found = new Set(seen.found ?? seen.acknowledged);
    if (seen.acknowledged.some((value) => !found.has(value))) lost++;
    if (seen.violation !== null) broken++;
  }
  expect(lost).toBeGreaterThan(0);
  expect(broken).toBeGreaterThan(lost);
});

test("a hogged node gets its CPU late, goes on, and is not let go by another fault's end", async () => {
  const cluster = new VirtualCluster({ seed: 4, knobs: {} });
  await cluster.run(async () => {
    await cluster.startAll();
    const leader = await cluster.leader();
    const slow = cluster.host.nodes.map(({ id }) => id).find((id) => id !== leader)!;
    const hog = await cluster.host.inject(slow, { kind: "hog" });
    const waited = (ms: number) => [
      { subject: slow, observation: `virtual process 1 of ${slow} waited ${ms} of 200 ms for its CPU`, proves: true },
    ];
    expect(hog.evidence).toEqual(waited(180));
    const client = cluster.client();
    for (let value = 0; value < 20; value++) {
      expect(await client.invoke({ f: "write", key: "k", value }, 2000)).toMatchObject({ type: "ok" });
    }
    const pause = await cluster.host.inject(slow, { kind: "pause" });
    expect(await hog.heal()).toMatchObject([{ observation: "another fault still holds it" }]);
    expect(await pause.heal()).toMatchObject([{ proves: true }]);
    expect(await hog.heal()).toEqual(waited(0));
    client.close();
  });
  expect(cluster.violation).toBeNull();
});
