import { defaultMinimums } from "../../analysis/run/minimums.ts";
import type { LoadPhase } from "../../history/annotations.ts";
import type { Host } from "../../hosts/host.ts";
import { DownNodes } from "../../nemesis/down-nodes.ts";
import { planChanges, planSchedule, type Schedule, type ScheduleShape, scheduleShape } from "../../nemesis/schedule.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { nsPerMs } from "../../time/clock.ts";
import { bursts } from "../../workloads/generators/bursts.ts";
import type { Generator } from "../../workloads/generators/generator.ts";
import { rate } from "../../workloads/generators/rate.ts";
import type { Plan } from "../plan/plan.ts";
import { runChanges } from "./changes-run.ts";
import { viewCluster } from "./cluster-view.ts";
import { livenessLimitMs, mustGoOn } from "./liveness/must-go-on.ts";
import { watchProgress } from "./liveness/progress.ts";
import { Nemesis } from "./nemesis.ts";
import { runFaults } from "./nemesis-run.ts";
import { nodeClocks } from "./node-clocks.ts";
import type { Observer } from "./observer.ts";
import type { Run } from "./run-context.ts";
import { runLoad, type Worker } from "./scheduler.ts";
import { type Doing, stage } from "./stage.ts";
import { startNode } from "./start-node.ts";

/** How long the stage may take before it is called stuck, beyond what the plan itself asks for. */
const limitMs = 60_000;

/** From burst to burst of a hunt: within a fault, and within several. */
const burstPeriodMs = [2000, 10_000] as const;

/** The machines of a run, and what watches them. */
export interface WatchedCluster {
  readonly host: Host;
  readonly observer: Observer;
}

interface Cluster extends WatchedCluster {
  readonly workers: readonly Worker[];
}

/**
 * Clients at work while the plan's faults are injected and healed. In a simulated cluster the load then goes on until
 * it is clear that a majority alone can serve it.
 */
export async function loadAndFaults(run: Run, cluster: Cluster): Promise<void> {
  const { plan, world, recording, tell } = run;
  const { clock, inside } = world;
  const electionTimeoutMs = plan.system.failureDetectionMs(plan.knobs);
  const afterwardsMs = inside?.owesProgress ? livenessLimitMs(electionTimeoutMs) : 0;
  const { concurrency } = plan;
  const faults = faultsOf(plan, scheduleShape(electionTimeoutMs));
  const generator = generatorOf(plan);
  const untilNs = clock.nowNs() + plan.timeLimitMs * nsPerMs;
  const progress = watchProgress(recording, plan.workload.reads);
  const enough = new AbortController();
  tell({ type: "stage", stage: "load" });
  recording.phase(loadPhase(plan));
  await stage(clock, "load and faults", plan.timeLimitMs + afterwardsMs + limitMs, async (doing, over) => {
    const signal = AbortSignal.any([run.signal, over]);
    await using nemesis = nemesisOf(run, cluster, doing);
    const load = {
      ...{ concurrency, generator, workers: cluster.workers, pickFree: freePicker(plan) },
      untilNs: untilNs + afterwardsMs * nsPerMs,
      signal: AbortSignal.any([signal, enough.signal]),
    };
    const faultsRun = { clock, signal, healedByNs: untilNs - faults.recoveryNs };
    const broken = async (): Promise<void> => {
      await Promise.all([
        runFaults(nemesis, faults.schedule.faults, { ...faultsRun, random: faults.random }),
        runChanges(nemesis, faults.schedule.changes, { ...faultsRun, random: faults.changesRandom }),
      ]);
      if (!inside?.owesProgress) return;
      await mustGoOn(run, inside, { nemesis, electionTimeoutMs, untilNs, signal, doing, progress, enough });
    };
    await Promise.all([runLoad(load, clock, progress), broken()]);
  });
}

/** The nemesis of a run, whose faults and changes go into the history. */
function nemesisOf(run: Run, { host, observer }: Cluster, doing: Doing): Nemesis {
  const { plan, world, recording, tell, chosen } = run;
  const { clock, system } = world;
  const clocks = nodeClocks(system, host, clock);
  return new Nemesis({
    site: {
      host,
      down: new DownNodes(host, (node) => startNode(run, host, node, "restart")),
      administration: system.administration ?? {},
      ...(clocks === null ? {} : { clocks }),
      random: randomStream(plan.nemesisSeed ?? plan.seed, "injections"),
    },
    clock,
    look: () => viewCluster(system, host, observer),
    chosen,
    record: ({ fault }, record) => {
      recording.record({ process: "nemesis", type: "info", f: fault.name, value: record });
      tell({ type: "fault", name: fault.name, record });
    },
    doing,
  });
}

interface PlannedFaults {
  readonly schedule: Schedule;
  /** Choose whom faults and changes hit, after these streams drew the schedule. */
  readonly random: RandomStream;
  readonly changesRandom: RandomStream;
  /** Before the end of the load all is healed for so long. */
  readonly recoveryNs: number;
}

/** A schedule that was given says itself when all is healed. */
function faultsOf(plan: Plan, shape: ScheduleShape): PlannedFaults {
  const { seed, nemesisSeed = seed } = plan;
  const random = randomStream(nemesisSeed, "nemesis");
  const changesRandom = randomStream(nemesisSeed, "changes");
  if (plan.schedule !== undefined) return { schedule: plan.schedule, random, changesRandom, recoveryNs: 0 };
  const schedule = drawSchedule(plan, shape, random, changesRandom);
  return { schedule, random, changesRandom, recoveryNs: shape.recoveryMs[0] * nsPerMs };
}

function generatorOf({ workload, rate: perSecond, seed, concurrency, hunt }: Plan): Generator {
  const operations = workload.generator({ random: randomStream(seed, "workload"), concurrency });
  if (perSecond === 0) return operations;
  if (!hunt) return rate(perSecond, operations);
  const periodMs = randomStream(seed, "bursts").integer(...burstPeriodMs);
  return rate(bursts(perSecond, periodMs * nsPerMs), operations);
}

function loadPhase(plan: Plan): LoadPhase {
  const { timeLimitMs, rate, concurrency, minLoadShare, minAnsweredLoadShare, minEffectiveShare, faults } = plan;
  const { answeredShare, effectiveShare } = defaultMinimums;
  return {
    ...{ phase: "load", timeLimitMs, rate, concurrency, minLoadShare, withFaults: faults.length > 0 },
    ...(minAnsweredLoadShare === answeredShare ? {} : { minAnsweredShare: minAnsweredLoadShare }),
    ...(minEffectiveShare === effectiveShare ? {} : { minEffectiveShare }),
  };
}

function drawSchedule(
  { faults, timeLimitMs }: Plan,
  shape: ScheduleShape,
  random: RandomStream,
  changesRandom: RandomStream,
): Schedule {
  const lasting = planSchedule(faults, shape, timeLimitMs, random);
  const changes = planChanges(faults, shape, { timeLimitMs, lastId: lasting.length }, changesRandom);
  return { faults: lasting, changes };
}

function freePicker({ seed }: Plan): (count: number) => number {
  const random = randomStream(seed, "clients");
  return (count) => random.integer(0, count - 1);
}
