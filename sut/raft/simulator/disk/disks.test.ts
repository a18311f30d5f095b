import { expect, test } from "vitest";
import type { Injection } from "../../../../hosts/injection.ts";
import type { World } from "../../../simulatable.ts";
import { VirtualCluster } from "../test-support/virtual-cluster.ts";

const seeds = Array.from({ length: 10 }, (_, place) => place + 1);
const world = { disk: { flippedBits: [1, 3], troubledMs: [200, 200], slow: 0, syncMs: [1, 2] } } as const;

/** Clients that append to a list while the disk of the leader, or of a follower, is troubled. */
async function troubled(
  seed: number,
  deed: (cluster: VirtualCluster, node: string) => Promise<void>,
  disk: NonNullable<World["disk"]> = {},
): Promise<VirtualCluster> {
  const cluster = new VirtualCluster({ seed, world: { disk: { ...world.disk, ...disk } } });
  await cluster.run(async () => {
    await cluster.startAll();
    const leader = await cluster.leader();
    const client = cluster.client();
    for (let value = 1; value <= 20; value++) await client.invoke({ f: "append", key: "list", value }, 1000);
    let over = false;
    const load = (async () => {
      for (let value = 21; !over; value++) await client.invoke({ f: "append", key: "list", value }, 1000);
    })();
    await deed(cluster, seed % 2 === 0 ? leader : cluster.host.nodes.map(({ id }) => id).find((id) => id !== leader)!);
    over = true;
    await load;
    await cluster.sleep(500);
    const read = await client.invoke({ f: "read", key: "list" }, 5000);
    expect(read).toMatchObject({ type: "ok" });
    expect((read.value as number[]).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    client.close();
  });
  return cluster;
}

function flip({ host }: VirtualCluster, node: string): Promise<Injection> {
  return host.inject(node, { kind: "disk-flip", seed: 1 });
}

test.each([
  ["error", /i\/o error \(EIO\)$/, /cannot be synced/],
  ["full", /no space left on device \(ENOSPC\)$/, /the disk is full/],
] as const)(
  "a node whose disk says %s stops, is not to blame for it, and goes on when it is whole",
  async (trouble, seen, said) => {
    for (const seed of seeds) {
      const { violation, host } = await troubled(seed, async (cluster, node) => {
        const injected = await cluster.host.inject(node, { kind: `disk-${trouble}` });
        expect(injected.evidence).toMatchObject([{ subject: node, proves: true }]);
        expect(injected.evidence[0]?.observation).toMatch(seen);
        for (let looks = 0; looks < 100 && (await cluster.host.alive(node)); looks++) await cluster.sleep(100);
        expect(await cluster.host.alive(node)).toBe(false);
        expect(await injected.heal()).toMatchObject([{ proves: true }]);
        await cluster.start(node);
      });
      expect(violation).toBeNull();
      const ends = await host.ends();
      expect(ends).toHaveLength(1);
      expect(ends[0]!.excuse).toMatch(/^its disk was made/);
      expect(ends[0]!.lastLine).toMatch(said);
    }
  },
);

test("a node with a slow disk goes on", async () => {
  for (const seed of seeds) {
    const { violation, host } = await troubled(seed, async (cluster, node) => {
      const slowed = await cluster.host.inject(node, { kind: "disk-slow" });
      expect(slowed.evidence).toMatchObject([{ proves: true }]);
      await cluster.sleep(1000);
      expect((await slowed.heal())[0]?.observation).toMatch(/^the disk is whole: [1-9]\d* writes? or syncs? met with/);
    });
    expect(violation).toBeNull();
    expect(await host.ends()).toEqual([]);
  }
});

test("a node that finds bits flipped refuses to start, with file and byte, until they are as they were written", async () => {
  for (const seed of seeds) {
    const { violation, host } = await troubled(seed, async (cluster, node) => {
      await cluster.host.kill(node);
      const flipped = await flip(cluster, node);
      expect(flipped.evidence[0]?.observation).toMatch(/^[1-3] bits flipped: \/n\d\/.* at byte \d+/);
      await cluster.start(node);
      await cluster.sleep(100);
      expect(await cluster.host.alive(node)).toBe(false);
      expect((await flipped.heal())[0]?.observation).toMatch(/flipped bits are as they were written$/);
      await cluster.start(node);
    });
    expect(violation).toBeNull();
    const [refused, ...others] = await host.ends();
    expect(others).toEqual([]);
    expect(refused).toMatchObject({ code: 74, excuse: "bits on its disk were flipped" });
    expect(refused!.lastLine).toMatch(/is corrupt at byte \d+/);
    expect(refused!.lastLine).not.toContain(".ts");
  }
});

test("flipped bits are as they were written also when the power failed meanwhile", async () => {
  for (const seed of seeds) {
    const deed = async (cluster: VirtualCluster, node: string) => {
      await cluster.host.kill(node);
      const flipped = await flip(cluster, node);
      await cluster.start(node);
      expect(await cluster.host.kill(node)).toMatchObject({ proves: true });
      expect(await cluster.host.kill(node)).toMatchObject({ observation: "no process to kill", proves: false });
      expect((await flipped.heal())[0]?.observation).toMatch(/: [1-3] flipped bits are as they were written$/);
      await cluster.start(node);
      await cluster.sleep(500);
      expect(await cluster.host.alive(node)).toBe(true);
    };
    const { violation } = await troubled(seed, deed, { losesUnsynced: true });
    expect(violation).toBeNull();
  }
});

test("a node that read flipped bits before they were flipped back is not to blame for its refusal", async () => {
  for (const seed of seeds) {
    const { violation, host } = await troubled(seed, async (cluster, node) => {
      await cluster.host.kill(node);
      const flipped = await flip(cluster, node);
      await cluster.start(node);
      expect((await flipped.heal())[0]?.observation).toMatch(/flipped bits are as they were written$/);
      await cluster.sleep(100);
      if (!(await cluster.host.alive(node))) await cluster.start(node);
      await cluster.sleep(500);
      expect(await cluster.host.alive(node)).toBe(true);
    });
    expect(violation).toBeNull();
    const ends = await host.ends();
    expect(ends.map(({ excuse }) => excuse)).toEqual(ends.map(() => "bits on its disk were flipped"));
  }
});

test("a node that was paused while its disk failed is not to blame for stopping when the disk is whole again", async () => {
  for (const seed of seeds) {
    const deed = async (cluster: VirtualCluster, node: string) => {
      // Until a sync is under way when it is paused.
      for (let tries = 0; tries < 50 && (await cluster.host.alive(node)); tries++) {
        const paused = await cluster.host.inject(node, { kind: "pause" });
        const failing = await cluster.host.inject(node, { kind: "disk-error" });
        await failing.heal();
        await paused.heal();
        await cluster.sleep(53);
      }
      expect(await cluster.host.alive(node)).toBe(false);
      await cluster.start(node);
    };
    const { violation, host } = await troubled(seed, deed, { syncMs: [40, 40] });
    expect(violation).toBeNull();
    expect(await host.ends()).toMatchObject([{ code: 74, excuse: "its disk was made to fail" }]);
  }
});

test("the end of the log is missing while the node is down, and is there again when the fault heals", async () => {
  for (const seed of seeds) {
    const { violation } = await troubled(seed, async (cluster, node) => {
      await cluster.host.kill(node);
      const torn = await cluster.host.inject(node, { kind: "disk-torn", seed });
      expect(torn.evidence[0]?.observation).toMatch(/^\/n\d\/.* is cut off at byte \d+$/);
      expect((await torn.heal())[0]?.observation).toMatch(/: [1-9]\d* cut-off bytes are as they were written$/);
      await cluster.start(node);
      await cluster.sleep(500);
      expect(await cluster.host.alive(node)).toBe(true);
    });
    expect(violation).toBeNull();
  }
});

test("a node that takes damage for the end of its log (M77b) has forgotten what it promised", async () => {
  const cluster = new VirtualCluster({ seed: 1, world, mutant: "M77b" });
  await cluster.run(async () => {
    await cluster.startAll();
    await cluster.leader();
    const client = cluster.client();
    for (let value = 1; value <= 20; value++) await client.invoke({ f: "append", key: "list", value }, 1000);
    await cluster.host.kill("n1");
    const flipped = await flip(cluster, "n1");
    await cluster.start("n1");
    await cluster.sleep(100);
    expect((await flipped.heal())[0]?.observation).toMatch(/stay, for the node runs with them$/);
    client.close();
  });
  expect(cluster.violation).toMatchObject({ invariant: expect.stringMatching(/^I(9|22)$/), nodes: ["n1"] });
});
