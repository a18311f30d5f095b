import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { findLogPatterns, logWarnings } from "../analysis/log-patterns.ts";
import type { Evidence, FaultRecord } from "../history/annotations.ts";
import { runFiles } from "../history/test-record.ts";
import {
  planChanges,
  planSchedule,
  type ScheduledChange,
  type ScheduledFault,
  scheduleShape,
} from "../nemesis/schedule.ts";
import { randomStream } from "../random/stream.ts";
import { each } from "../workloads/generators/each.ts";
import { rate } from "../workloads/generators/rate.ts";
import { runChanges } from "./changes-run.ts";
import { nsPerMs } from "./clock.ts";
import { viewCluster } from "./cluster-view.ts";
import { messageOf } from "./errors.ts";
import type { Host } from "./hosts/host.ts";
import { judgeAlong } from "./judge-along.ts";
import { runNemesis } from "./nemesis-run.ts";
import { answered, withAnswer } from "./node-answer.ts";
import { type Observer, observe } from "./observer.ts";
import type { Plan } from "./plan.ts";
import type { Tell } from "./progress.ts";
import type { Recorder } from "./recorder.ts";
import { openRecording, type Recording } from "./recording.ts";
import { runLoad, type Worker } from "./scheduler.ts";
import { type Doing, type StageOver, stage } from "./stage.ts";
import { watchStalls } from "./stalls.ts";
import { createRunFolder } from "./store.ts";
import { testRecord } from "./test-record.ts";
import { createWorkers } from "./workers.ts";

/** How long a stage may take before it is called stuck, beyond what the plan itself asks for. */
const limitMs = {
  hosts: 300_000,
  start: 60_000,
  elect: 30_000,
  setup: 30_000,
  load: 60_000,
  finalReads: 30_000,
  stop: 60_000,
} as const;

/** What drives a run from outside. */
export interface RunControls {
  /** Aborted by Ctrl-C: the run heals, stops everything, and keeps what was recorded. */
  readonly signal: AbortSignal;
  readonly tell: Tell;
  readonly startedAt: Date;
  /** Whether somebody watches who wants the verdict so far; it costs some of the machine's time. */
  readonly watched: boolean;
}

/** What the steps of one run share. The signal also ends a run that is to stop at its first violation. */
interface Run extends RunControls {
  readonly plan: Plan;
  readonly folder: string;
  readonly recording: Recording;
}

/**
 * Carries out a plan: machines, nodes, a leader, load under faults, final reads, and everything stopped again. Leaves
 * a run folder with the history, whatever went wrong on the way; that is a warning in the history. Rejects with a
 * UsageError before anything was made, when the backend cannot work here.
 */
export async function runTest(plan: Plan, controls: RunControls): Promise<{ readonly folder: string }> {
  await plan.backend.ensureUsable();
  const folder = await createRunFolder(plan.store, testRecord(plan, controls.startedAt));
  const { seed, timeLimitMs } = plan;
  controls.tell({ type: "run", folder, seed, title: plan.name, timeLimitMs });
  const along = judgeAlong(plan, folder, controls.watched, controls.tell);
  const recording = openRecording(folder, controls.tell, along.hear);
  recording.phase("start");
  const signal = AbortSignal.any([controls.signal, along.violated]);
  try {
    await withHost({ ...controls, signal, plan, folder, recording });
  } catch (error) {
    recording.warn(messageOf(error));
  }
  await along.stop();
  if (along.violated.aborted) recording.warn("stopped at the first violation, before the time was up");
  recording.phase(controls.signal.aborted ? "interrupted" : "end");
  await recording.close();
  return { folder };
}

async function withHost(run: Run): Promise<void> {
  const { plan, folder, tell } = run;
  tell({ type: "stage", stage: "hosts" });
  const host = await stage("preparing machines", limitMs.hosts, () =>
    plan.backend.create({
      runId: newRunId(),
      nodes: plan.nodes,
      folder,
      onProblem: (problem) => run.recording.warn(problem),
    }),
  );
  try {
    await withNodes(run, host);
  } finally {
    tell({ type: "stage", stage: "stop" });
    await stage("stopping nodes", limitMs.stop, async (doing) => {
      doing("collecting logs");
      await host.collectLogs(join(folder, runFiles.logs)).catch((error) => run.recording.warn(messageOf(error)));
      for (const warning of logWarnings(findLogPatterns(join(folder, runFiles.logs)))) run.recording.warn(warning);
      doing("removing what the run made");
      await host.destroy();
    });
  }
}

async function withNodes(run: Run, host: Host): Promise<void> {
  const { plan, tell, recording } = run;
  tell({ type: "stage", stage: "start" });
  await stage("starting nodes", limitMs.start, async (doing) => {
    doing(`starting ${plan.nodes.join(", ")}`);
    await Promise.all(plan.nodes.map(async (node) => requireStarted(await startNode(run, host, node))));
  });
  const observer = observe(plan.system, host, recording.clock, (record) => {
    recording.record({ process: "observer", type: "info", f: "node", value: record });
    tell({ type: "node", record });
  });
  try {
    tell({ type: "stage", stage: "elect" });
    await stage("waiting for a leader", limitMs.elect, (doing, over) => leaderElected(run, observer, doing, over));
    await withClients(run, host, observer);
  } finally {
    await observer.stop();
  }
}

async function withClients(run: Run, host: Host, observer: Observer): Promise<void> {
  const { plan } = run;
  const shape = scheduleShape(plan.system.electionTimeoutMs(plan.knobs));
  const workers = createWorkers(plan, host, shape.faultMs[1]);
  const closeAll = (): void => {
    for (const { client } of workers) client.close();
  };
  const shortestTimeoutMs = Math.min(...workers.map(({ timeoutMs }) => timeoutMs));
  const stopWatching = watchStalls(run.recording.clock, shortestTimeoutMs, (stall) => {
    run.recording.record({ process: "controller", type: "info", f: "stall", value: stall });
  });
  run.signal.addEventListener("abort", closeAll);
  try {
    await setUp(run, workers);
    await loadAndFaults(run, host, observer, workers);
    if (!run.signal.aborted) await finalReads(run, workers);
  } finally {
    run.signal.removeEventListener("abort", closeAll);
    stopWatching();
    closeAll();
  }
}

/** What the workload needs to find. A run whose setup did not go through would accuse the store of what it lacks. */
async function setUp({ plan, recording, signal }: Run, workers: readonly Worker[]): Promise<void> {
  const operations = plan.workload.setup?.() ?? [];
  const untilNs = recording.clock.nowNs() + limitMs.setup * nsPerMs;
  let done = 0;
  const record: Recorder["record"] = (event) => {
    if (event.type === "ok") done++;
    return recording.record(event);
  };
  const { concurrency } = plan;
  const load = { generator: each(operations), concurrency, untilNs, pickFree: () => 0, signal };
  await stage("setting up the workload", 2 * limitMs.setup, () =>
    runLoad({ ...load, workers: workers.slice(0, 1) }, recording.clock, { record }),
  );
  if (done < operations.length && !signal.aborted) {
    throw new Error(`setting up the workload: ${done} of ${operations.length} operations went through`);
  }
}

async function loadAndFaults(run: Run, host: Host, observer: Observer, workers: readonly Worker[]): Promise<void> {
  const { plan, recording, tell } = run;
  const { clock } = recording;
  const shape = scheduleShape(plan.system.electionTimeoutMs(plan.knobs));
  const random = randomStream(plan.seed, "nemesis");
  const schedule = planSchedule(plan.faults, shape, plan.timeLimitMs, random);
  const changesRandom = randomStream(plan.seed, "changes");
  const { timeLimitMs } = plan;
  const changes = planChanges(plan.faults, shape, { timeLimitMs, lastId: schedule.length }, changesRandom);
  const { seed, concurrency } = plan;
  const operations = plan.workload.generator({ random: randomStream(seed, "workload"), concurrency });
  const generator = plan.rate === 0 ? operations : rate(plan.rate, operations);
  const untilNs = clock.nowNs() + plan.timeLimitMs * nsPerMs;
  tell({ type: "stage", stage: "load" });
  recording.phase("load");
  await stage("load and faults", plan.timeLimitMs + limitMs.load, (doing, over) => {
    const signal = AbortSignal.any([run.signal, over]);
    const nemesis = {
      healedByNs: untilNs - shape.recoveryMs[0] * nsPerMs,
      site: {
        host,
        administration: plan.system.administration ?? null,
        restart: (node: string) => startNode(run, host, node),
      },
      clock,
      signal,
      look: () => viewCluster(plan.system, host, observer),
      record: ({ fault }: ScheduledFault | ScheduledChange, record: FaultRecord) => {
        recording.record({ process: "nemesis", type: "info", f: fault.name, value: record });
        tell({ type: "fault", name: fault.name, record });
      },
    };
    return Promise.all([
      runLoad({ concurrency, generator, workers, untilNs, pickFree: freePicker(plan), signal }, clock, recording),
      runNemesis({ ...nemesis, schedule, random, doing }),
      runChanges({ ...nemesis, schedule: changes, random: changesRandom }),
    ]);
  });
}

/** Every client reads everything once, with all healed: what was lost for good shows now. */
async function finalReads(run: Run, workers: readonly Worker[]): Promise<void> {
  const { plan, recording, tell, signal } = run;
  tell({ type: "stage", stage: "final-reads" });
  recording.phase("final-reads");
  const untilNs = recording.clock.nowNs() + limitMs.finalReads * nsPerMs;
  await stage("final reads", 2 * limitMs.finalReads, async () => {
    await Promise.all(
      workers.map((worker) => {
        const generator = each(plan.workload.finalReads(recording.keys()));
        const { concurrency } = plan;
        const load = { generator, workers: [worker], concurrency, untilNs, pickFree: () => 0, signal };
        return runLoad(load, recording.clock, recording);
      }),
    );
  });
}

/** Starts a node's process, and waits for the node to answer: a process that ends at once is no node. */
async function startNode({ plan, recording }: Run, host: Host, id: string): Promise<Evidence> {
  const node = host.nodes.find((known) => known.id === id);
  if (!node) throw new Error(`no node ${id}`);
  const { system, knobs, readMode, seed } = plan;
  const started = await host.start(id, system.process(node, host.nodes, { knobs, readMode, seed }));
  return withAnswer(started, await answered(system, host, node, recording.clock));
}

function requireStarted({ subject, observation, proves }: Evidence): void {
  if (!proves) throw new Error(`${subject}: ${observation}; see ${runFiles.logs}/${subject}.log`);
}

async function leaderElected(run: Run, observer: Observer, doing: Doing, over: StageOver): Promise<void> {
  const { recording } = run;
  const signal = AbortSignal.any([run.signal, over]);
  while (!signal.aborted && (await observer.look()).leader === null) {
    doing(
      `no node leads (${observer
        .current()
        .map(({ node, role }) => `${node} ${role}`)
        .join(", ")})`,
    );
    await recording.clock.sleepUntilNs(recording.clock.nowNs() + 100 * nsPerMs, signal);
  }
}

function freePicker({ seed }: Plan): (count: number) => number {
  const random = randomStream(seed, "clients");
  return (count) => random.integer(0, count - 1);
}

/** Marks everything that the run makes on machines, so that `keelhaul clean` can find it. Two runs never share one. */
function newRunId(): string {
  return randomBytes(5).toString("hex");
}
