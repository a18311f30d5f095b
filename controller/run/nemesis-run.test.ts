import { expect, test } from "vitest";
import type { FaultRecord } from "../../history/annotations.ts";
import { injection } from "../../hosts/injection.ts";
import type { FaultSite, LastingFault } from "../../nemesis/fault.ts";
import type { ScheduledFault } from "../../nemesis/schedule.ts";
import { randomStream } from "../../random/stream.ts";
import { nowMs, nsPerMs, sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { Nemesis } from "./nemesis.ts";
import { runFaults } from "./nemesis-run.ts";

const proof = { subject: "n1", observation: "measured", proves: true };
const variant = {
  name: "one",
  description: "",
  minNodes: 1,
  aimsAtLeader: false,
  choose: () => ({ nodes: ["n1"] }),
};

interface Deeds {
  readonly injectMs?: number;
  /** Of which kind each fault is; left out: all of one. */
  readonly kinds?: readonly string[];
  readonly heals?: readonly boolean[];
  readonly abortAfterInjection?: boolean;
  readonly healedByMs?: number;
}

async function carryOut(atMs: readonly number[], deeds: Deeds): Promise<string[]> {
  const clock = new VirtualTime();
  const controller = new AbortController();
  const heals = [...(deeds.heals ?? [])];
  const fault: LastingFault = {
    name: "fault",
    kind: "lasting",
    description: "",
    needs: [],
    variants: [variant],
    band: { label: "", color: "" },
    inject: async () => {
      await sleepMs(clock, deeds.injectMs ?? 0);
      if (deeds.abortAfterInjection) controller.abort();
      return injection([proof], async () => [{ ...proof, proves: heals.shift() ?? true }]);
    },
  };
  const schedule = atMs.map(
    (at, place): ScheduledFault => ({
      ...{ id: place + 1, atMs: at, durationMs: 1000, variant },
      fault: { ...fault, name: deeds.kinds?.[place] ?? fault.name },
    }),
  );
  const told: string[] = [];
  await using nemesis = new Nemesis({
    site: {} as FaultSite,
    clock,
    look: async () => ({ nodes: ["n1"], leader: null, members: null }),
    record: (due, record: FaultRecord) =>
      told.push(`${record.action} ${due.id} ${nowMs(clock)}${record.effective ? "" : " not shown"}`),
    chosen: () => {},
    doing: () => {},
  });
  const run = {
    clock,
    random: randomStream(1, "nemesis"),
    healedByNs: (deeds.healedByMs ?? 60_000) * nsPerMs,
    signal: controller.signal,
  };
  await clock.run(() => runFaults(nemesis, schedule, run));
  return told;
}

test("faults are injected and healed at their times", async () => {
  expect(await carryOut([2000, 5000], {})).toEqual(["inject 1 2000", "heal 1 3000", "inject 2 5000", "heal 2 6000"]);
});

test("faults of different kinds overlap as their times say, each as long as it was to be", async () => {
  const told = await carryOut([2000, 2400, 5000], { kinds: ["cut", "kill", "cut"], injectMs: 300 });
  expect(told).toEqual([
    ...["inject 1 2300", "inject 2 2700", "heal 1 3300", "heal 2 3700"],
    ...["inject 3 5600", "heal 3 6600"],
  ]);
});

test("a slow injection takes nothing from the fault, nor from the recovery window behind it", async () => {
  const told = await carryOut([2000, 5000], { injectMs: 300 });
  expect(told).toEqual(["inject 1 2300", "heal 1 3300", "inject 2 5600", "heal 2 6600"]);
});

test("what is too late to recover from before the load ends is left out", async () => {
  expect(await carryOut([2000, 5000], { injectMs: 300, healedByMs: 6200 })).toEqual(["inject 1 2300", "heal 1 3300"]);
});

test("a healing that cannot be shown is tried again, and each try is on record", async () => {
  const told = await carryOut([2000], { heals: [false, true] });
  expect(told).toEqual(["inject 1 2000", "heal 1 3000 not shown", "heal 1 3500"]);
});

test("when the run is interrupted, what is broken is healed and nothing more is injected", async () => {
  const told = await carryOut([2000, 5000], { abortAfterInjection: true });
  expect(told).toEqual(["inject 1 2000", "heal 1 2000"]);
});

test("what nobody healed is healed when the nemesis is disposed of, once", async () => {
  const told: string[] = [];
  const clock = new VirtualTime();
  const fault: LastingFault = {
    name: "cut",
    kind: "lasting",
    description: "",
    needs: [],
    variants: [variant],
    band: { label: "", color: "" },
    inject: async () => injection([proof], async () => [proof]),
  };
  const choice = { nodes: ["n1"], cut: [["n1", "n2"]] as const };
  const views: unknown[] = [];
  const choose = (view: unknown) => {
    views.push(view);
    return choice;
  };
  {
    await using nemesis = new Nemesis({
      site: {} as FaultSite,
      clock,
      look: async () => ({ nodes: ["n1", "n2"], leader: null, members: null }),
      record: (due, { action }) => told.push(`${action} ${due.id}`),
      chosen: () => {},
      doing: () => {},
    });
    await nemesis.breakForGood(fault, choice, 0);
    const due = { id: 7, atMs: 0, durationMs: 0, fault, variant: { ...variant, choose } };
    await nemesis.inject(due, await nemesis.choose(due, randomStream(1, "nemesis")));
    await nemesis.heal(7);
    expect(told).toEqual(["inject 1", "inject 7", "heal 7"]);
  }
  expect(told).toEqual(["inject 1", "inject 7", "heal 7", "heal 1"]);
  expect(views).toMatchObject([{ cut: [["n1", "n2"]] }]);
});
