import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultRecord } from "../../history/annotations.ts";
import { formatEvent } from "../../history/writer.ts";
import { memory } from "../../sut/memory/system.ts";
import type { Simulatable, SimulationOptions } from "../../sut/simulatable.ts";
import { makePlan, type Plan } from "../plan/plan.ts";
import { runTest } from "./run.ts";
import { judgeSimulated, simulateRun } from "./simulate-run.ts";

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keelhaul-sim-"));
});
afterEach(() => rm(store, { recursive: true }));

const planFor = (seed: number, options: Record<string, unknown> = {}) =>
  makePlan({ system: "memory", backend: "sim", timeLimit: "5s", rate: 100, store, ...options }, seed);

async function historyOf(seed: number): Promise<string> {
  const { events } = await simulateRun(planFor(seed));
  return events.map(formatEvent).join("");
}

test("the same seed gives the same history, byte for byte, in memory and in a run folder, and however busy the machine is", async () => {
  const alone = await historyOf(7);
  const busy = new Worker("for (;;);", { eval: true });
  try {
    expect(await historyOf(7)).toBe(alone);
    const controls = { signal: new AbortController().signal, tell: () => {}, startedAt: new Date(), watched: true };
    const { folder } = await runTest(planFor(7), controls);
    expect(await readFile(join(folder, "history.jsonl"), "utf8")).toBe(alone);
  } finally {
    await busy.terminate();
  }
});

test("another seed gives another history", async () => {
  expect(await historyOf(7)).not.toBe(await historyOf(8));
});

test("with a nemesis seed, the faults come at the same times under other operations", async () => {
  const faultsOf = async (seed: number, options: Record<string, unknown>) => {
    const nemesis = "partition,kill,pause";
    const { faults } = await simulateRun(planFor(seed, { ...options, system: "raft", nemesis, timeLimit: "20s" }));
    return faults.map(({ fault, variant, atMs, durationMs }) => ({ fault, variant, atMs, durationMs }));
  };
  const faults = await faultsOf(1, { nemesisSeed: 7 });
  expect(faults).not.toEqual([]);
  expect(await faultsOf(2, { nemesisSeed: 7 })).toEqual(faults);
  expect(await faultsOf(7, {})).toEqual(faults);
  expect(await faultsOf(1, {})).not.toEqual(faults);
});

test("a run in memory is judged by the workload's checkers", async () => {
  const judged = async (set: Record<string, unknown>) => {
    const plan = planFor(1, { workload: "counter", set });
    return judgeSimulated(plan, await simulateRun(plan));
  };
  expect(await judged({})).toMatchObject({ verdict: "valid" });
  expect(await judged({ bug: "double-apply" })).toMatchObject({ verdict: "invalid" });
});

type Simulation = ReturnType<Simulatable["begin"]>;

/** The memory store, looked into. */
function lookedInto(inside: (options: SimulationOptions) => Partial<Simulation>, options = {}): Plan {
  const simulated: Simulatable = {
    ...memory.simulated,
    hasInvariants: true,
    begin: (around) => ({ ...memory.simulated.begin(around), steps: () => 3, ...inside(around) }),
  };
  return { ...planFor(1, options), system: { ...memory, simulated }, checkers: ["register", "invariants"] };
}

/** Something is wrong with it after so long. */
function brokenAfter(afterMs: number): Plan {
  return lookedInto(({ clock, onViolation }) => {
    const detail = "n1 has forgotten what it said";
    const violation = { invariant: "I0", name: "memory", nodes: ["n1"], detail, lastSteps: [] };
    clock.after(afterMs, () => onViolation(violation));
    return {};
  });
}

test("a broken invariant ends the run at once, is in its history, and makes it invalid though no client has noticed", async () => {
  const plan = brokenAfter(2000);
  const run = await simulateRun(plan);
  expect(run.violation).toMatchObject({ invariant: "I0", timeNs: 2e9 });
  expect(run.virtualMs).toBeGreaterThanOrEqual(2000);
  expect(run.virtualMs).toBeLessThan(2500);
  const lastInvocation = run.events.findLast(({ type }) => type === "invoke");
  expect(lastInvocation?.time).toBeLessThanOrEqual(2e9);
  const { verdict, summary, checkers } = judgeSimulated(plan, run);
  expect({ verdict, summary }).toEqual({
    verdict: "invalid",
    summary: "invariants: I0 (memory) was broken at n1 after 2.000 s: n1 has forgotten what it said",
  });
  expect(checkers["register"]).toMatchObject({ verdict: "valid" });
});

test("a run in which nothing was broken says how much was looked at", async () => {
  const plan = brokenAfter(3_600_000);
  expect(judgeSimulated(plan, await simulateRun(plan)).checkers["invariants"]).toMatchObject({
    verdict: "valid",
    summary: "no invariant was violated in 3 steps",
  });
});

test("a cluster whose majority never comes to be of one mind breaks I23, with what was missing, and the run ends", async () => {
  const run = await simulateRun(lookedInto(() => ({ notConverged: () => "n2 sulks" })));
  expect(run.violation).toMatchObject({
    invariant: "I23",
    detail: "n2 sulks, 20 election timeouts after the others were broken for good",
  });
  expect(run.violation!.nodes).toHaveLength(3);
  expect(run.virtualMs).toBeGreaterThan(25_000);
});

test("a majority that answers no client breaks I23", async () => {
  const { violation } = await simulateRun(lookedInto(() => ({}), { set: { lost: 1 } }));
  expect(violation?.detail).toMatch(/^no client is answered, 20 election timeouts/);
});

test("a Raft cluster goes on with any majority, and the others come back for the final reads", async () => {
  const plan = makePlan({ backend: "sim", nodes: 5, timeLimit: "2s", rate: 50, store }, 3);
  const run = await simulateRun(plan);
  expect(judgeSimulated(plan, run)).toMatchObject({ verdict: "valid", warnings: [] });
  const faults = run.events.flatMap(({ process, value }) => (process === "nemesis" ? [value as FaultRecord] : []));
  expect(faults.filter(({ action }) => action === "inject").flatMap(({ nodes }) => nodes)).toHaveLength(2);
  expect(faults.every(({ effective }) => effective)).toBe(true);
});

test("a node that stops as it finds itself wrong is seen from outside, and one that faults killed or paused is not accused", async () => {
  const crashesOf = async (options: Record<string, unknown>) => {
    const plan = planFor(1, { system: "raft", nodes: 3, timeLimit: "30s", invariants: false, ...options });
    return judgeSimulated(plan, await simulateRun(plan)).checkers["crashes"];
  };
  const summary = expect.stringMatching(/^n\d crashed after .* s \(exit code 70\): the node stops: violated: /);
  expect(await crashesOf({ mutant: "M74b" })).toMatchObject({ verdict: "invalid", summary });
  const nemesis = ["kill:one", "kill:all", "pause:leader", "membership"];
  expect(await crashesOf({ nemesis })).toMatchObject({ verdict: "valid", ends: [] });
});

test("a node that stops because its disk fails is no crash of the store's", async () => {
  const plan = planFor(1, { system: "raft", nodes: 3, invariants: false });
  const { simulated } = plan.system;
  const failing: Simulatable = {
    ...simulated!,
    begin: (options) => {
      const simulation = simulated!.begin(options);
      const ends = [{ ...{ node: "n1", agoMs: 0, code: 75, signal: null }, lastLine: "no space left" }];
      return { ...simulation, host: { ...simulation.host, ends: async () => ends } };
    },
  };
  const full: Plan = { ...plan, system: { ...plan.system, simulated: failing } };
  const { checkers } = judgeSimulated(full, await simulateRun(full));
  expect(checkers["crashes"]).toMatchObject({ verdict: "valid", ends: [{ excuse: "its disk was full" }] });
});

test("clocks of simulated nodes are set, as their own processes report, and show the true time again", async () => {
  const nemesis = "clock,clock:monotonic-drift";
  const plan = planFor(4, { system: "raft", nodes: 3, timeLimit: "25s", nemesis, set: { electionTimeoutMs: 300 } });
  const { events } = await simulateRun(plan);
  const records = events
    .filter(({ process }) => process === "nemesis")
    .map(({ f, value }) => ({ f, ...(value as FaultRecord) }));
  const clocks = records.filter(({ f }) => f === "clock");
  expect(clocks.map(({ variant }) => variant)).toContain("monotonic-drift");
  expect(clocks.filter(({ effective }) => !effective)).toEqual([]);
  expect(
    clocks.every(({ evidence }) =>
      evidence.some(({ observation }) => observation.startsWith("its own process reports")),
    ),
  ).toBe(true);
});
