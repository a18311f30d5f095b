import { sim } from "../../../hosts/sim/backend.ts";
import { randomStream } from "../../../random/stream.ts";
import type { System } from "../../../sut/system.ts";
import { workloads } from "../../../workloads/registry.ts";
import { drawFaults } from "../../plan/draw-faults.ts";
import { sparseMinLoadShare } from "../../plan/min-load.ts";
import type { TrialOptions } from "../trials/trial.ts";

/** How long clients keep going in one run of a campaign: the longest election timeouts that are drawn leave time for a fault. */
const timeLimitMs = 30_000;

/** Workloads whose checkers decide quickly; one that finds most comes most often. */
const usualWorkloads = ["register", "register", "append", "set", "counter"];

/**
 * The options of one run of a campaign: each seed has other ones, and much is left out in many of them, for what one
 * trouble hides another run shows (swarm testing). What is given is not drawn.
 */
export function drawOptions(seed: number, given: TrialOptions, system: System): TrialOptions {
  const random = randomStream(seed, "swarm");
  const swarm = system.simulated?.swarm;
  const knobs = { ...given.set };
  const offered = workloads.filter(({ operations }) => operations.every((name) => system.operations.has(name)));
  const usual = usualWorkloads.filter((name) => offered.some((workload) => workload.name === name));
  const drawn = {
    nodes: random.pick([3, 3, 4, 5, 5]),
    workload: [random.pick(usual)],
    nemesis: drawFaults({ seed, backend: sim, system }, random),
    readMode: random.pick(swarm?.readModes ?? system.readModes),
    rate: random.pick([1, 20, 50, 100, 200]),
    concurrency: random.pick(["2n", "4n"]),
    timeLimit: timeLimitMs,
    minLoad: sparseMinLoadShare,
    set: { ...swarm?.drawKnobs(random, knobs), ...knobs },
  };
  const ofKnobs = given.nemesis === undefined ? swarm?.minLoadShare?.(drawn.set, drawn.nemesis) : null;
  const minLoad = ofKnobs ?? drawn.minLoad;
  return { ...drawn, minLoad, ...given, set: drawn.set, system: system.name, backend: "sim", seed };
}
