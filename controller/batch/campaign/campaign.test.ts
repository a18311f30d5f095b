import { expect, test } from "vitest";
import { UsageError } from "../../../errors/errors.ts";
import { memory } from "../../../sut/memory/system.ts";
import { raft } from "../../../sut/raft/system.ts";
import { makePlan } from "../../plan/plan.ts";
import { TrialPool } from "../trials/pool.ts";
import { validTrial } from "../trials/test-support/trials.ts";
import { type Trial, type TrialOptions, tryInMemory } from "../trials/trial.ts";
import { type CampaignOptions, runCampaign } from "./campaign.ts";
import { drawOptions } from "./draw.ts";

test("the same seed gives the same options, each of which makes a plan; what is given is not drawn, and moves nothing else", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const drawn = drawOptions(seed, {}, raft);
    expect(drawOptions(seed, {}, raft)).toEqual(drawn);
    const plan = makePlan(drawn, 0);
    expect(["log", "read-index", "lease", "follower"]).toContain(plan.readMode);
    const given = drawOptions(seed, { nodes: 7, set: { sessions: false } }, raft);
    expect(given).toEqual({ ...drawn, nodes: 7, set: { ...(drawn["set"] as object), sessions: false } });
  }
});

test.each([{ electionTimeoutMs: 300 }, { heartbeatMs: 200 }])("what is drawn fits a given %o", (set) => {
  for (let seed = 1; seed <= 50; seed++) {
    expect(makePlan(drawOptions(seed, { set }, raft), 0).knobs).toMatchObject(set);
  }
});

test("seeds differ in all that is drawn", () => {
  const drawn = Array.from({ length: 50 }, (_, seed) => drawOptions(seed, {}, raft));
  for (const option of ["nodes", "workload", "nemesis", "readMode", "rate", "concurrency", "set"] as const) {
    expect(new Set(drawn.map((options) => JSON.stringify(options[option]))).size, option).toBeGreaterThan(1);
  }
});

test("a world in which a removed server deposes every leader asks for less load, and is conclusive", async () => {
  const drawn = drawOptions(438, {}, raft);
  expect(drawn).toMatchObject({ minLoad: 0.02, set: { preVote: false, checkQuorum: false } });
  expect(drawOptions(438, { set: { preVote: true } }, raft)["minLoad"]).toBe(0.1);
  expect((await tryInMemory(drawn)).verdict).toBe("valid");
});

const short = { timeLimit: "3s", rate: 50 };

async function campaign(given: TrialOptions, controls: Partial<CampaignOptions> = {}) {
  const told: number[] = [];
  const result = await runCampaign({
    seeds: { first: 1, last: 12 },
    optionsOf: (seed) => drawOptions(seed, { ...short, ...given }, memory),
    run: tryInMemory,
    threads: 3,
    failFast: false,
    signal: new AbortController().signal,
    tell: ({ seed }) => told.push(seed),
    ...controls,
  });
  return { result, told };
}

test("a campaign over a correct store is valid, and says the same whatever the number of threads", async () => {
  const { result, told } = await campaign({});
  expect(result).toMatchObject({ verdict: "valid", done: 12, failures: [], undecided: [] });
  expect(told.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const pool = new TrialPool(2);
  try {
    const { result: inThreads } = await campaign({}, { threads: 2, run: (options) => pool.run(options) });
    expect(inThreads).toEqual(result);
  } finally {
    await pool.close();
  }
});

test("a bug is found, told in the order of seeds, and ends a campaign that is to fail fast", async () => {
  const buggy = { workload: "counter", set: { bug: "double-apply" } };
  const { result } = await campaign(buggy);
  expect(result.verdict).toBe("invalid");
  const seeds = result.failures.map(({ seed }) => seed);
  expect(seeds).toEqual(seeds.toSorted((one, other) => one - other));
  expect(result.failures[0]!.trial.failure).toBe("counter");
  const { result: fast } = await campaign(buggy, { failFast: true });
  expect(fast.failures[0]!.seed).toBe(seeds[0]);
  expect(fast.done).toBeLessThan(12);
});

test("a run that breaks off decides nothing and takes no other with it", async () => {
  const run = async ({ seed }: TrialOptions) => {
    if (seed === 3) throw new Error("out of memory");
    return validTrial;
  };
  const { result } = await campaign({}, { run });
  expect(result).toMatchObject({ verdict: "unknown", done: 12 });
  expect(result.undecided.map(({ seed, trial: { summary } }) => [seed, summary])).toEqual([
    [3, "the run broke off: out of memory"],
  ]);
});

test("a run that is refused with what its seed draws decides nothing, and says that it is for that", async () => {
  const run = async ({ seed }: TrialOptions) => {
    if (seed === 3) throw new UsageError("--time-limit: got 3s");
    return validTrial;
  };
  const { result } = await campaign({}, { run });
  expect(result).toMatchObject({ verdict: "unknown", done: 12, interrupted: false });
  expect(result.undecided.map(({ seed, trial: { summary } }) => [seed, summary])).toEqual([
    [3, "cannot be run with what this seed draws: --time-limit: got 3s"],
  ]);
});

async function interruptedAt(last: number, verdict: Trial["verdict"]) {
  const interrupted = new AbortController();
  const run = async ({ seed }: TrialOptions): Promise<Trial> => {
    if (seed === last + 1) interrupted.abort();
    return interrupted.signal.aborted ? new Promise<never>(() => {}) : { ...validTrial, verdict };
  };
  return (await campaign({}, { run, threads: 1, signal: interrupted.signal })).result;
}

test("an interrupted campaign ends at once with what was done, and has not shown that the store is valid", async () => {
  expect(await interruptedAt(4, "valid")).toMatchObject({ verdict: "unknown", interrupted: true, done: 4 });
  expect(await interruptedAt(0, "valid")).toMatchObject({ verdict: "unknown", interrupted: true, done: 0 });
  expect(await interruptedAt(4, "invalid")).toMatchObject({ verdict: "invalid", interrupted: true, done: 4 });
});

test("what comes when all seeds are done interrupts no campaign, and neither does a failure that ends it", async () => {
  const late = new AbortController();
  const tell: CampaignOptions["tell"] = (_, { done }) => void (done === 12 && late.abort());
  const { result } = await campaign({}, { run: async () => validTrial, tell, signal: late.signal });
  expect(result).toMatchObject({ verdict: "valid", interrupted: false, done: 12 });
  const run = async () => ({ ...validTrial, verdict: "invalid" as const });
  const { result: failed } = await campaign({}, { run, threads: 1, failFast: true });
  expect(failed).toMatchObject({ verdict: "invalid", interrupted: false, done: 1 });
});
