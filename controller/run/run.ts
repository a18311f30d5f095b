import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Cause } from "../../analysis/checker.ts";
import { findLogPatterns, logWarnings } from "../../analysis/checkers/log-patterns.ts";
import { messageOf } from "../../errors/errors.ts";
import { orWarning } from "../../errors/or-warning.ts";
import { runFiles } from "../../history/test-record.ts";
import { type HistoryWriter, openHistoryWriter } from "../../history/writer.ts";
import { ownControllerName } from "../../hosts/controller-name.ts";
import type { Host } from "../../hosts/host.ts";
import { ensureUsable } from "../../hosts/requirements.ts";
import { scheduleShape } from "../../nemesis/schedule.ts";
import { createRunFolder, inStore, pointLatest, recordVersions } from "../../store/run-folder.ts";
import { nsPerMs, sleepMs } from "../../time/clock.ts";
import { each } from "../../workloads/generators/each.ts";
import type { Plan } from "../plan/plan.ts";
import { listSchedule } from "../plan/schedule/entry.ts";
import { scheduleFileOf, writeScheduleFile } from "../plan/schedule/file.ts";
import { testRecord } from "../plan/test-record.ts";
import { judgeAlong } from "./judge-along.ts";
import { loadAndFaults } from "./load-and-faults.ts";
import { type Observer, observe } from "./observer.ts";
import type { Recorder } from "./recorder.ts";
import { openRecording, type Recording } from "./recording.ts";
import type { Run } from "./run-context.ts";
import { runLoad, type Worker } from "./scheduler.ts";
import { type Doing, type StageOver, stage } from "./stage.ts";
import { watchStalls } from "./stalls.ts";
import { startCluster } from "./start-cluster.ts";
import { watchEnds } from "./watch-ends.ts";
import { createWorkers } from "./workers.ts";
import { openWorld } from "./world.ts";

/** How long a stage may take before it is called stuck, beyond what the plan itself asks for. */
const limitMs = {
  hosts: 300_000,
  install: 600_000,
  start: 60_000,
  ready: 30_000,
  setup: 30_000,
  finalReads: 30_000,
  stop: 60_000,
} as const;

/** How long one look at whether the cluster is ready may take. */
const readinessMs = 1000;

/** What drives a run from outside. */
export interface RunControls extends Pick<Run, "signal" | "hurry" | "tell"> {
  readonly startedAt: Date;
  /** Whether somebody watches who wants the verdict so far; it costs some of the machine's time. */
  readonly watched: boolean;
}

/** What a run left behind. */
export interface RunLeft {
  readonly folder: string;
  /** Why its history ends early, where it could not be written any more. */
  readonly lost: Cause | null;
  /** What else could not be written. */
  readonly warnings: readonly string[];
}

/**
 * Carries out a plan: machines, nodes, a leader, load under faults, final reads, and everything stopped again. Leaves
 * a run folder with the history, whatever went wrong on the way; that is a warning in the history. Rejects with a
 * UsageError before anything was made, when the backend cannot work here or the store cannot be written to.
 */
export async function runTest(plan: Plan, controls: RunControls): Promise<RunLeft> {
  await ensureUsable(plan.backend, plan.backendOptions);
  const { folder, writer } = await openFolder(plan, controls.startedAt);
  const { seed, timeLimitMs } = plan;
  controls.tell({ type: "run", folder, seed, title: titleOf(plan), timeLimitMs });
  const world = openWorld(plan, folder);
  const along = judgeAlong(plan, folder, controls.watched, world.clock, controls.tell);
  const recording = openRecording(world.clock, writer, controls.tell, along.hear);
  const carriedOut = listSchedule();
  try {
    await carryOut({ ...controls, plan, world, recording, folder, along, chosen: carriedOut.add });
  } finally {
    await writer.close();
  }
  const warnings = await orWarning(`no ${runFiles.schedule} was written`, () =>
    writeScheduleFile(join(folder, runFiles.schedule), scheduleFileOf(plan, carriedOut.entries)),
  );
  return { folder, lost: writer.lost.aborted ? lossOf(writer.lost) : null, warnings };
}

/** The folder of a new run, with its history open. */
async function openFolder(plan: Plan, startedAt: Date): Promise<{ folder: string; writer: HistoryWriter }> {
  const { store } = plan;
  const folder = await createRunFolder(store, {
    ...testRecord(plan, startedAt),
    controller: await ownControllerName(),
  });
  return inStore(async () => {
    const writer = openHistoryWriter(join(folder, runFiles.history));
    await pointLatest(store, folder);
    return { folder, writer };
  });
}

function lossOf({ reason }: AbortSignal): Cause {
  const reached = `${messageOf(reason)}, so the run ended early`;
  return { code: "history-lost", reached, remedy: "repair what the message names, and run the test again" };
}

/** The life of a run in its world, from the first phase to the last. Whatever goes wrong on the way is recorded. */
export async function carryOut(run: Run): Promise<void> {
  const { world, recording, along } = run;
  const violated = AbortSignal.any([along.violated, world.broken]);
  const signal = AbortSignal.any([run.signal, violated, recording.lost]);
  await world.during(async () => {
    recording.phase({ phase: "start" });
    const stopRecording = recordEarlyEnd(run.signal, violated, recording);
    try {
      await withHost({ ...run, signal });
    } catch (error) {
      recording.warn(messageOf(error));
    }
    stopRecording();
    await along.stop();
    const invariants = world.invariants();
    if (invariants !== null) {
      recording.record({ process: "controller", type: "info", f: "invariants", value: invariants });
    }
    recording.phase({ phase: "end" });
  });
}

/** Records what ends a run early when it comes, not when everything is stopped: the controller may not live to see that. */
function recordEarlyEnd(interrupted: AbortSignal, violated: AbortSignal, recording: Recording): () => void {
  const interruption = (): void => {
    const by: unknown = interrupted.reason;
    recording.phase({ phase: "interrupted", ...(typeof by === "string" ? { by } : {}) });
  };
  const violation = (): void => recording.phase({ phase: "violated" });
  if (interrupted.aborted) interruption();
  interrupted.addEventListener("abort", interruption);
  violated.addEventListener("abort", violation);
  return () => {
    interrupted.removeEventListener("abort", interruption);
    violated.removeEventListener("abort", violation);
  };
}

async function withHost(run: Run): Promise<void> {
  const { plan, world, recording, folder, tell } = run;
  tell({ type: "stage", stage: "hosts" });
  const host = await stage(world.clock, "preparing machines", limitMs.hosts, () =>
    world.createHost({
      runId: newRunId(),
      nodes: plan.nodes,
      ports: plan.system.ports,
      options: plan.backendOptions,
      onProblem: (problem) => recording.warn(problem),
      onStep: (step) => tell({ type: "step", step }),
    }),
  );
  const { versions } = host;
  if (folder !== null && versions !== undefined) {
    const unrecorded = await orWarning("no versions were recorded", () => recordVersions(folder, versions));
    for (const warning of unrecorded) recording.warn(warning);
  }
  try {
    await withNodes(run, host);
    recording.lost.throwIfAborted();
  } catch (error) {
    recording.phase({ phase: "failed", reason: messageOf(error) });
    throw error;
  } finally {
    recording.phase({ phase: "stop" });
    tell({ type: "stage", stage: "stop" });
    await stage(world.clock, "stopping nodes", limitMs.stop, async (doing) => {
      if (folder !== null && run.hurry?.aborted !== true) {
        doing("collecting logs");
        await collectLogs(run, host, join(folder, runFiles.logs));
      }
      doing("removing what the run made");
      await host.destroy();
    });
  }
}

async function collectLogs({ recording }: Run, host: Host, folder: string): Promise<void> {
  await host.collectLogs(folder).catch((error) => recording.warn(messageOf(error)));
  for (const warning of logWarnings(findLogPatterns(folder))) recording.warn(warning);
}

async function withNodes(run: Run, host: Host): Promise<void> {
  const { world, tell, recording } = run;
  tell({ type: "stage", stage: "start" });
  const startMs = limitMs.start + (world.system.install === undefined ? 0 : limitMs.install);
  await stage(world.clock, "starting nodes", startMs, (doing) => startCluster(run, host, doing));
  const observer = observe(world.system, host, world.clock, (record) => {
    recording.record({ process: "observer", type: "info", f: "node", value: record });
    tell({ type: "node", record });
  });
  const ends = watchEnds(host, world.system, world.clock, (value) =>
    recording.record({ process: "controller", type: "info", f: "process-end", value }),
  );
  try {
    tell({ type: "stage", stage: "ready" });
    await stage(world.clock, "waiting for the cluster", limitMs.ready, (doing, over) =>
      whenReady(run, host, observer, doing, over),
    );
    await withClients(run, host, observer);
  } finally {
    await observer.stop();
    await ends.stop().catch((error) => recording.warn(messageOf(error)));
  }
}

async function withClients(run: Run, host: Host, observer: Observer): Promise<void> {
  const { plan, world } = run;
  const shape = scheduleShape(plan.system.failureDetectionMs(plan.knobs));
  const workers = createWorkers(plan, world, host, shape.faultMs[1]);
  const closeAll = (): void => {
    for (const { client } of workers) client.close();
  };
  const shortestTimeoutMs = Math.min(...workers.map(({ timeoutMs }) => timeoutMs));
  const stopWatching = watchStalls(world.clock, shortestTimeoutMs, (stall) => {
    run.recording.record({ process: "controller", type: "info", f: "stall", value: stall });
  });
  run.signal.addEventListener("abort", closeAll);
  try {
    await setUp(run, workers);
    if (!run.signal.aborted) await loadAndFaults(run, { host, observer, workers });
    if (!run.signal.aborted) await finalReads(run, workers);
  } finally {
    run.signal.removeEventListener("abort", closeAll);
    stopWatching();
    closeAll();
  }
}

/** What the workload needs to find. A run whose setup did not go through would accuse the store of what it lacks. */
async function setUp({ plan, world, recording, signal }: Run, workers: readonly Worker[]): Promise<void> {
  const operations = plan.workload.setup?.() ?? [];
  const untilNs = world.clock.nowNs() + limitMs.setup * nsPerMs;
  let done = 0;
  const record: Recorder["record"] = (event) => {
    if (event.type === "ok") done++;
    return recording.record(event);
  };
  const { concurrency } = plan;
  const load = { generator: each(operations), concurrency, untilNs, pickFree: () => 0, signal };
  await stage(world.clock, "setting up the workload", 2 * limitMs.setup, () =>
    runLoad({ ...load, workers: workers.slice(0, 1) }, world.clock, { ...recording, record }),
  );
  if (done < operations.length && !signal.aborted) {
    throw new Error(`setting up the workload: ${done} of ${operations.length} operations went through`);
  }
}

/** Every client reads everything once, with all healed: what was lost for good shows now. */
async function finalReads(run: Run, workers: readonly Worker[]): Promise<void> {
  const { plan, world, recording, tell, signal } = run;
  tell({ type: "stage", stage: "final-reads" });
  recording.phase({ phase: "final-reads" });
  const untilNs = world.clock.nowNs() + limitMs.finalReads * nsPerMs;
  await stage(world.clock, "final reads", 2 * limitMs.finalReads, async () => {
    await Promise.all(
      workers.map((worker) => {
        const generator = each(plan.workload.finalReads(recording.keys()));
        const { concurrency } = plan;
        const load = { generator, workers: [worker], concurrency, untilNs, pickFree: () => 0, signal };
        return runLoad(load, world.clock, recording);
      }),
    );
  });
}

function titleOf({ name, mutant }: Plan): string {
  return mutant === undefined ? name : `${name} of mutant ${mutant.id} (${mutant.name})`;
}

/** Waits until the cluster lacks nothing that its clients need. */
async function whenReady(run: Run, host: Host, observer: Observer, doing: Doing, over: StageOver): Promise<void> {
  const { system, clock } = run.world;
  const signal = AbortSignal.any([run.signal, over]);
  const lacks = async (): Promise<string | null> => {
    if (system.lacks !== undefined) return system.lacks(host.nodes, readinessMs);
    return system.inspector === undefined || (await observer.look()).leader !== null ? null : lacksLeader(observer);
  };
  while (!signal.aborted) {
    const lacking = await lacks();
    if (lacking === null) return;
    doing(lacking);
    await sleepMs(clock, 100, signal);
  }
}

function lacksLeader(observer: Observer): string {
  const nodes = observer.current().map(({ node, role, term, commitIndex }) => {
    const inTerm = term === undefined ? "" : ` in term ${term}`;
    return `${node} ${role}${inTerm}${commitIndex === undefined ? "" : `, commit index ${commitIndex}`}`;
  });
  return `no node leads (${nodes.join("; ")})`;
}

/** Marks everything that the run makes on machines, so that `keelhaul clean` can find it. Two runs never share one. */
function newRunId(): string {
  return randomBytes(5).toString("hex");
}
