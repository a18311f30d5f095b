import { expect, test } from "vitest";
import { randomStream } from "../../../random/stream.ts";
import { nowMs, sleepMs } from "../../../time/clock.ts";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { Edge, type PeerMessage } from "./edge.ts";
import type { SimulationSettings } from "./settings.ts";

const calm: SimulationSettings["network"] = {
  ...{
    delayMs: [1, 5],
    slow: 0,
    slowMs: [0, 0],
    lose: 0,
    duplicate: 0,
    reorder: 0,
    resetsPerMinute: 0,
    damage: 0,
    late: 0,
    lateMs: [0, 0],
  },
};

/** An edge to a process whose number can be changed, with the terms of the messages that arrive there. */
function edgeWith(settings: Partial<SimulationSettings["network"]> = {}) {
  const time = new VirtualTime();
  const far = { process: 1 as number | null, arrived: [] as number[] };
  const edge = new Edge({
    time,
    settings: { ...calm, ...settings },
    random: randomStream(1, "edge"),
    impairing: randomStream(1, "impairing"),
    farEnd: {
      listening: () => far.process,
      deliver: (message) => far.arrived.push((message as { term: number }).term),
    },
  });
  return { time, far, edge };
}

const numbered = (term: number): PeerMessage => ({ type: "request-vote-reply", term, granted: true });
const upTo = (last: number): number[] => Array.from({ length: last }, (_, place) => place + 1);

test("messages of one connection arrive in order, each after its delay", async () => {
  const { time, far, edge } = edgeWith();
  edge.dial();
  for (const term of upTo(50)) edge.send(numbered(term));
  await time.run(() => sleepMs(time, 0.9));
  expect(far.arrived).toEqual([]);
  await time.run(() => sleepMs(time, 5));
  expect(far.arrived).toEqual(upTo(50));
});

test("some overtake others, are lost, or arrive twice, where the settings say so", async () => {
  const arrivedWith = async (settings: Partial<SimulationSettings["network"]>) => {
    const { time, far, edge } = edgeWith(settings);
    edge.dial();
    for (const term of upTo(200)) edge.send(numbered(term));
    await time.run(() => sleepMs(time, 10));
    return far.arrived;
  };
  const reordered = await arrivedWith({ reorder: 0.2 });
  expect(reordered).not.toEqual(upTo(200));
  expect([...reordered].sort((one, other) => one - other)).toEqual(upTo(200));
  expect((await arrivedWith({ lose: 0.2 })).length).toBeLessThan(200);
  const doubled = await arrivedWith({ duplicate: 0.2 });
  expect(doubled.length).toBeGreaterThan(200);
  expect(new Set(doubled).size).toBe(200);
});

test("a cut holds back what is under way, which goes on when it is mended, and is gone when the sender gives up", async () => {
  const { time, far, edge } = edgeWith();
  edge.dial();
  edge.send(numbered(1));
  edge.cut();
  edge.send(numbered(2));
  await time.run(() => sleepMs(time, 100));
  expect(far.arrived).toEqual([]);
  expect(edge.silentMs).toBeGreaterThan(90);
  expect(edge.dial()).toBe(false);
  edge.mend();
  await time.run(() => sleepMs(time, 10));
  expect(far.arrived).toEqual([1, 2]);
  expect(edge.keptBack).toBe(2);
  edge.cut();
  edge.send(numbered(3));
  await time.run(() => sleepMs(time, 10));
  edge.hangUp();
  edge.mend();
  expect(edge.send(numbered(4))).toBe(false);
  edge.dial();
  edge.send(numbered(5));
  await time.run(() => sleepMs(time, 10));
  expect(far.arrived).toEqual([1, 2, 5]);
});

test("nobody is connected to while no process listens, and a restarted one hears nothing of the old connection", async () => {
  const { time, far, edge } = edgeWith();
  far.process = null;
  expect(edge.dial()).toBe(false);
  far.process = 1;
  expect(edge.dial()).toBe(true);
  edge.send(numbered(1));
  far.process = 2;
  await time.run(() => sleepMs(time, 10));
  expect(far.arrived).toEqual([]);
  expect(edge.isUp).toBe(false);
});

test("what was under way on a connection that broke is sent again on the next, and some of it arrives twice", async () => {
  const { time, far, edge } = edgeWith();
  edge.dial();
  for (const term of upTo(20)) edge.send(numbered(term));
  edge.reset();
  expect(edge.isUp).toBe(false);
  const early = far.arrived.length;
  expect(early).toBeGreaterThan(0);
  edge.dial();
  await time.run(() => sleepMs(time, 10));
  expect(far.arrived).toEqual([...upTo(early), ...upTo(20)]);
});

test("connections break about as often as the settings say", async () => {
  const { time, edge } = edgeWith({ resetsPerMinute: 60 });
  let breaks = 0;
  await time.run(async () => {
    while (nowMs(time) < 60_000) {
      edge.dial();
      await sleepMs(time, 10);
      edge.tick();
      if (!edge.isUp) breaks++;
    }
  });
  expect(breaks).toBeGreaterThan(30);
  expect(breaks).toBeLessThan(100);
});
