import { messageOf, problemsOf } from "../../errors/errors.ts";
import type { Host } from "../../hosts/host.ts";
import { connectClients } from "./clients.ts";
import { recordEarlyEnd } from "./early-end.ts";
import { loadAndFaults, type WatchedCluster } from "./load-and-faults.ts";
import { prepareMachines } from "./machines.ts";
import { observe } from "./observer.ts";
import type { Run } from "./run-context.ts";
import { stage } from "./stage.ts";
import { startCluster } from "./start-cluster.ts";
import { watchEnds } from "./watch-ends.ts";
import { whenReady } from "./when-ready.ts";
import { finalReads, setUp } from "./workload-phases.ts";

/** How long a stage may take before it is called stuck. */
const limitMs = { install: 600_000, start: 60_000, ready: 30_000 } as const;

/** What is done with a cluster that is ready for clients. */
export type UseOfCluster = (run: Run, cluster: WatchedCluster) => Promise<void>;

/**
 * The life of a run in its world, from the first phase to the last. Whatever goes wrong on the way is recorded. `use`: what the
 * cluster is for; left out, one session of clients.
 */
export async function carryOut(run: Run, use: UseOfCluster = clientSession): Promise<void> {
  const { world, recording, along } = run;
  const violated = AbortSignal.any([along.violated, world.broken]);
  const signal = AbortSignal.any([run.signal, violated, recording.lost]);
  await world.during(async () => {
    recording.phase({ phase: "start" });
    {
      using _early = recordEarlyEnd(run, violated);
      await onMachines({ ...run, signal }, use).catch((error) => {
        for (const problem of problemsOf(error)) recording.warn(messageOf(problem));
      });
    }
    await along.stop();
    const invariants = world.invariants();
    if (invariants !== null) {
      recording.record({ process: "controller", type: "info", f: "invariants", value: invariants });
    }
    recording.phase({ phase: "end" });
  });
}

async function onMachines(run: Run, use: UseOfCluster): Promise<void> {
  const { recording } = run;
  await using machines = await prepareMachines(run);
  try {
    await onCluster(run, machines.host, use);
    recording.lost.throwIfAborted();
  } catch (error) {
    recording.phase({ phase: "failed", reason: messageOf(problemsOf(error)[0]) });
    throw error;
  }
}

/** The cluster itself: what is opened for it is closed again in reverse order, however it ends. */
async function onCluster(run: Run, host: Host, use: UseOfCluster): Promise<void> {
  const { recording, tell } = run;
  const { clock, system } = run.world;

  tell({ type: "stage", stage: "start" });
  const startMs = limitMs.start + (system.install === undefined ? 0 : limitMs.install);
  await stage(clock, "starting nodes", startMs, (doing) => startCluster(run, host, doing));

  await using _ends = watchEnds(host, system, clock, {
    hear: (value) => recording.record({ process: "controller", type: "info", f: "process-end", value }),
    onProblem: (problem) => recording.warn(problem),
  });
  await using observer = observe(system, host, clock, (record) => {
    recording.record({ process: "observer", type: "info", f: "node", value: record });
    tell({ type: "node", record });
  });
  await untilReady(run, { host, observer });
  await use(run, { host, observer });
}

/** Waits until clients can use the cluster. */
export async function untilReady(run: Run, { host, observer }: WatchedCluster): Promise<void> {
  run.tell({ type: "stage", stage: "ready" });
  await stage(run.world.clock, "waiting for the cluster", limitMs.ready, (doing, over) =>
    whenReady(run, host, observer, doing, over),
  );
}

/** Clients from their first operation to their last: setup, load under faults, and final reads with all healed. */
export async function clientSession(run: Run, { host, observer }: WatchedCluster): Promise<void> {
  const { signal } = run;
  using clients = connectClients(run, host);
  const { workers } = clients;
  await setUp(run, workers);
  if (!signal.aborted) await loadAndFaults(run, { host, observer, workers });
  if (!signal.aborted) await finalReads(run, workers);
}
