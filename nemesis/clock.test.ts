import { expect, test } from "vitest";
import type { Host, NodeClock } from "../hosts/host.ts";
import { injection } from "../hosts/injection.ts";
import { randomStream } from "../random/stream.ts";
import { VirtualTime } from "../time/virtual-time.ts";
import { clock } from "./clock.ts";
import type { Choice, ClusterView, FaultSite } from "./fault.ts";
import type { NodeClocks } from "./node-clocks.ts";
import { healFault, injectFault } from "./run-fault.ts";
import { siteWith } from "./test-support/site.ts";

const view: ClusterView = { nodes: ["n1", "n2", "n3", "n4", "n5"], leader: "n2", members: null };

const variantOf = (name: string) => clock.variants.find((variant) => variant.name === name)!;
const drawn = (name: string, times = 60): Choice[] => {
  const random = randomStream(1, "test");
  return Array.from({ length: times }, () => variantOf(name).choose(view, random));
};

test("jumps go forward and back, by up to 300 s, and aim at the leader", () => {
  const courses = drawn("jump").flatMap(({ nodes, clocks = {} }) => nodes.map((node) => [node, clocks[node]] as const));
  expect(new Set(courses.map(([node]) => node))).toEqual(new Set(["n2"]));
  const offsets = new Set(
    courses.map(([, action]) => action?.kind === "clock" && action.course.type === "jump" && action.course.offsetMs),
  );
  expect(offsets).toEqual(new Set([500, 5000, 60_000, 300_000].flatMap((ms) => [ms, -ms])));
});

test("a scramble gives each node a clock of its own, a drift leaves a majority alone", () => {
  expect(drawn("scramble").every(({ clocks = {} }) => Object.keys(clocks).length === 5)).toBe(true);
  expect(
    new Set(
      drawn("scramble").map(({ clocks }) => new Set(Object.values(clocks!).map((one) => JSON.stringify(one))).size),
    ).size,
  ).toBeGreaterThan(1);
  expect(drawn("drift").every(({ nodes }) => nodes.length === 2)).toBe(true);
});

test("monotonic clocks drift so that the leader's time passes more slowly, and only where that is asked for by name", () => {
  expect(variantOf("monotonic-drift")).toMatchObject({ onlyByName: true });
  for (const { nodes, clocks = {} } of drawn("monotonic-drift")) {
    const [action] = Object.values(clocks);
    const isSlow = action?.kind === "clock-monotonic" && action.rate < 1;
    expect(nodes).toEqual(isSlow ? ["n2"] : ["n1", "n3", "n4", "n5"]);
  }
});

test("the node's own process has to report the time to which its clock was set, and the true one again", async () => {
  const { site, time } = clockSite({ obeys: true });
  const { injected, healed } = await time.run(() => injectAndHeal(site));
  expect(injected).toMatchObject({
    effective: true,
    evidence: [
      { observation: "set" },
      { observation: "its own process reports: wall clock -5.000 s, monotonic clock +0.000 s" },
    ],
  });
  expect(healed).toMatchObject({ effective: true });
});

test("a process that reads its clock elsewhere makes the fault not effective, and so does one that reports none", async () => {
  const deaf = clockSite({ obeys: false });
  expect((await deaf.time.run(() => injectAndHeal(deaf.site))).injected).toMatchObject({
    effective: false,
    evidence: [
      {},
      { observation: "its own process reports: wall clock +0.000 s, monotonic clock +0.000 s", proves: false },
    ],
  });
  const mute = clockSite({ obeys: true, isMute: true });
  expect((await mute.time.run(() => injectAndHeal(mute.site))).injected).toMatchObject({
    effective: false,
    evidence: [{}, { observation: "its own process does not report the time: n2 is paused" }],
  });
});

test("the machine's own evidence counts where the store does not report the time", async () => {
  const { site, time } = clockSite({ obeys: true });
  const { clocks: _, ...without } = site;
  expect((await time.run(() => injectAndHeal(without))).injected).toMatchObject({
    effective: true,
    evidence: [{ observation: "set" }],
  });
});

async function injectAndHeal(site: FaultSite) {
  const due = { id: 1, atMs: 0, durationMs: 1, fault: clock, variant: variantOf("jump") };
  const choice: Choice = {
    nodes: ["n2"],
    clocks: { n2: { kind: "clock", course: { type: "jump", offsetMs: -5000 } } },
  };
  const { record, injected } = await injectFault(due, choice, site, 0);
  return { injected: record, healed: await healFault(due, choice, injected, 0) };
}

/** A node whose clock is set, or reads another one. */
function clockSite({ obeys, isMute = false }: { readonly obeys: boolean; readonly isMute?: boolean }) {
  const time = new VirtualTime();
  let aheadMs = 0;
  const host: Partial<Host> = {
    alive: async () => true,
    inject: async (node, action) => {
      if (action.kind === "clock" && action.course.type === "jump" && obeys) aheadMs = action.course.offsetMs;
      return injection([{ subject: node, observation: "set", proves: true }], async () => {
        aheadMs = 0;
        return [];
      });
    },
  };
  const clocks: NodeClocks = {
    time,
    read: async (node): Promise<NodeClock> => {
      if (isMute) throw new Error(`${node} is paused`);
      const nowMs = time.nowNs() / 1e6;
      return { wallMs: 1e12 + nowMs + aheadMs, monotonicMs: 77 + nowMs };
    },
  };
  return { time, site: { ...siteWith(host), clocks } };
}
