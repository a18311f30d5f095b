import type { Edge, FaultRecord, LoadPhase } from "../../history/annotations.ts";
import type { Host } from "../../hosts/host.ts";
import { DownNodes } from "../../nemesis/down-nodes.ts";
import type { Choice } from "../../nemesis/fault.ts";
import {
  planChanges,
  planSchedule,
  type Schedule,
  type ScheduledChange,
  type ScheduledFault,
  type ScheduleShape,
  scheduleShape,
} from "../../nemesis/schedule.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { nsPerMs } from "../../time/clock.ts";
import { rate } from "../../workloads/generators/rate.ts";
import type { Plan } from "../plan/plan.ts";
import { runChanges } from "./changes-run.ts";
import { viewCluster } from "./cluster-view.ts";
import { livenessLimitMs, mustGoOn } from "./liveness/must-go-on.ts";
import { watchProgress } from "./liveness/progress.ts";
import { runNemesis } from "./nemesis-run.ts";
import type { Observer } from "./observer.ts";
import type { Run } from "./run-context.ts";
import { runLoad, type Worker } from "./scheduler.ts";
import { stage } from "./stage.ts";
import { startNode } from "./start-node.ts";

/** How long the stage may take before it is called stuck, beyond what the plan itself asks for. */
const limitMs = 60_000;

/** The machines of a run, and what watches and loads them. */
export interface Cluster {
  readonly host: Host;
  readonly observer: Observer;
  readonly workers: readonly Worker[];
}

/**
 * Clients at work while the plan's faults are injected and healed. In a simulated cluster the load then goes on until
 * it is clear that a majority alone can serve it.
 */
export async function loadAndFaults(run: Run, { host, observer, workers }: Cluster): Promise<void> {
  const { plan, world, recording, tell } = run;
  const { clock, system } = world;
  const electionTimeoutMs = plan.system.failureDetectionMs(plan.knobs);
  const shape = scheduleShape(electionTimeoutMs);
  const { seed, nemesisSeed = seed, concurrency } = plan;
  const random = randomStream(nemesisSeed, "nemesis");
  const changesRandom = randomStream(nemesisSeed, "changes");
  const { faults, changes } = plan.schedule ?? drawSchedule(plan, shape, random, changesRandom);
  const operations = plan.workload.generator({ random: randomStream(seed, "workload"), concurrency });
  const generator = plan.rate === 0 ? operations : rate(plan.rate, operations);
  const untilNs = clock.nowNs() + plan.timeLimitMs * nsPerMs;
  const afterwardsMs = !world.inside?.owesProgress ? 0 : livenessLimitMs(electionTimeoutMs);
  const progress = watchProgress(recording);
  let lastId = 0;
  const cut = new Map<FaultRecord["id"], readonly Edge[]>();
  tell({ type: "stage", stage: "load" });
  recording.phase(loadPhase(plan));
  await stage(clock, "load and faults", plan.timeLimitMs + afterwardsMs + limitMs, async (doing, over) => {
    const enough = new AbortController();
    const signal = AbortSignal.any([run.signal, over]);
    const site = {
      host,
      down: new DownNodes(host, (node) => startNode(run, host, node, "restart")),
      administration: system.administration ?? {},
    };
    const nemesis = {
      // A schedule that was given says itself when all is healed.
      healedByNs: untilNs - (plan.schedule === undefined ? shape.recoveryMs[0] * nsPerMs : 0),
      site,
      clock,
      signal,
      look: async () => ({ ...(await viewCluster(system, host, observer)), cut: [...cut.values()].flat() }),
      chosen: (due: ScheduledFault | ScheduledChange, choice: Choice) => {
        lastId = Math.max(lastId, due.id);
        run.chosen(due, choice);
      },
      record: ({ fault }: ScheduledFault | ScheduledChange, record: FaultRecord) => {
        if (record.action === "heal") cut.delete(record.id);
        else if (record.cut !== undefined) cut.set(record.id, record.cut);
        recording.record({ process: "nemesis", type: "info", f: fault.name, value: record });
        tell({ type: "fault", name: fault.name, record });
      },
    };
    const broken = async (): Promise<void> => {
      await Promise.all([
        runNemesis({ ...nemesis, schedule: faults, random, doing }),
        runChanges({ ...nemesis, schedule: changes, random: changesRandom }),
      ]);
      if (!world.inside?.owesProgress) return;
      const times = { electionTimeoutMs, untilNs, nextId: lastId + 1 };
      await mustGoOn(run, world.inside, { ...nemesis, ...times, doing, progress, enough });
    };
    const load = {
      ...{ concurrency, generator, workers, pickFree: freePicker(plan) },
      untilNs: untilNs + afterwardsMs * nsPerMs,
      signal: AbortSignal.any([signal, enough.signal]),
    };
    await Promise.all([runLoad(load, clock, progress), broken()]);
  });
}

function loadPhase({ timeLimitMs, rate, concurrency, minLoadShare, faults }: Plan): LoadPhase {
  return { phase: "load", timeLimitMs, rate, concurrency, minLoadShare, withFaults: faults.length > 0 };
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
