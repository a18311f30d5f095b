import { makePlan } from "../controller/plan.ts";
import { simulateRun } from "../controller/simulate-run.ts";

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

for (const { name, options } of worlds) {
  const figures: number[] = [];
  // The first run is not counted: in it the engine still compiles.
  for (let seed = 0; seed <= seeds; seed++) {
    const plan = makePlan({ ...common, ...options }, seed);
    const startedMs = performance.now();
    const { virtualMs, violation } = await simulateRun(plan);
    if (violation !== null) throw new Error(`seed ${seed}: ${violation.invariant} was broken`);
    if (seed > 0) figures.push(virtualMs / (performance.now() - startedMs));
  }
  const sorted = figures.sort((one, other) => one - other).map(Math.round);
  console.log(
    `${name}, ${common.rate} operations a second: ${sorted[sorted.length >> 1]} times real time (${sorted.join(", ")})`,
  );
}
