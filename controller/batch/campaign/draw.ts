import { sim } from "../../../hosts/sim/backend.ts";
import type { Fault } from "../../../nemesis/fault.ts";
import { kill } from "../../../nemesis/kill.ts";
import { partition } from "../../../nemesis/partition.ts";
import { faults } from "../../../nemesis/registry.ts";
import { randomStream } from "../../../random/stream.ts";
import type { System } from "../../../sut/system.ts";
import { workloads } from "../../../workloads/registry.ts";
import { sparseMinLoadShare } from "../../plan/min-load.ts";
import { isOffered } from "../../plan/select-faults.ts";
import { variantsOn } from "../../plan/variants-on.ts";
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
    nemesis: someFaults(system, random.shuffle(usualFaults), random.fraction(), drawRareFaults(seed)),
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

const usualFaults = faults.filter(({ drawn }) => drawn === "often");

/** What is added to the usual faults of some runs. */
interface RareFault {
  /** As `--nemesis` takes it. */
  readonly name: string;
  readonly parts: readonly Fault[];
  readonly share: number;
}

const rareFaults: readonly RareFault[] = [
  // A node that stops for its disk leaves less for all else to happen to.
  ...faults.flatMap((fault) => (fault.drawn === "rarely" ? [{ name: fault.name, parts: [fault], share: 0.25 }] : [])),
  // A node that starts again right away meets answers to the process before, and a leader that hears nobody else.
  { name: "partition:leader+kill:restart", parts: [partition, kill], share: 0.1 },
];

/** By a stream for each, so that they move nothing else. */
function drawRareFaults(seed: number): readonly RareFault[] {
  return rareFaults.filter(({ name, share }) => randomStream(seed, `swarm ${name}`).fraction() < share);
}

/** At least one, where the simulated machines know any. */
function someFaults(system: System, shuffled: readonly Fault[], share: number, rare: readonly RareFault[]): string[] {
  const isAble = (fault: Fault) => variantsOn(sim, system, fault).length > 0 && isOffered(fault, system);
  const able = shuffled.filter(isAble);
  const some = able.slice(0, 1 + Math.floor(share * able.length)).map(({ name }) => name);
  const added = rare.filter(({ parts }) => parts.every(isAble)).map(({ name }) => name);
  const all = [...some, ...added].sort();
  return all.length === 0 ? ["none"] : all;
}
