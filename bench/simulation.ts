import { makePlan, type Plan } from "../controller/plan/plan.ts";
import { simulateRun } from "../controller/run/simulate-run.ts";

/** Virtual seconds in a real one: nodes, clients and controller in one thread, with every invariant on. */
const common = { system: "raft", backend: "sim", workload: "register", rate: 100 };
const worlds = [
  { name: "3 nodes, healthy", options: { nodes: 3, timeLimit: "120s" } },
  {
    name: "3 nodes, partitions, kills, pauses",
    options: { nodes: 3, timeLimit: "120s", nemesis: "partition,kill,pause" },
  },
  {
    name: "5 nodes, partitions, kills, pauses",
    options: { nodes: 5, timeLimit: "120s", nemesis: "partition,kill,pause" },
  },
];
const seeds = 5;
const tries = 3;

for (const { name, options } of worlds) {
  const planOf = (seed: number) => makePlan({ ...common, ...options }, seed);
  // Not counted: in the first run the engine still compiles.
  await timesRealTime(planOf(seeds + 1));
  const figures: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) figures.push(await bestOf(tries, () => timesRealTime(planOf(seed))));
  const sorted = figures.sort((one, other) => one - other).map(Math.round);
  console.log(
    `${name}, ${common.rate} operations a second: ${sorted[sorted.length >> 1]} times real time (${sorted.join(", ")})`,
  );
}

/** Of this thread's own time: a machine that does other things as well does not count against it. */
async function timesRealTime(plan: Plan): Promise<number> {
  const started = process.threadCpuUsage();
  const { virtualMs, violation } = await simulateRun(plan);
  if (violation !== null) throw new Error(`seed ${plan.seed}: ${violation.invariant} was broken`);
  const { user, system } = process.threadCpuUsage(started);
  return (virtualMs * 1000) / (user + system);
}

/** The same run takes the same steps each time; what shares a core's caches can only make it slower. */
async function bestOf(count: number, measure: () => Promise<number>): Promise<number> {
  let best = 0;
  for (let done = 0; done < count; done++) best = Math.max(best, await measure());
  return best;
}
