import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { findLogPatterns, logWarnings } from "../../analysis/checkers/log-patterns.ts";
import { messageOf } from "../../errors/errors.ts";
import { runFiles } from "../../history/test-record.ts";
import type { Host } from "../../hosts/host.ts";
import { needsOwnDisks } from "../../hosts/own-disks.ts";
import { recordVersions } from "../../store/run-folder.ts";
import type { Run } from "./run-context.ts";
import { stage } from "./stage.ts";

/** How long each may take before it is called stuck. */
const limitMs = { prepare: 300_000, stop: 60_000 } as const;

/** The machines of a run. On disposal their logs are collected, and everything that the run made on them is removed. */
export interface Machines extends AsyncDisposable {
  readonly host: Host;
}

export async function prepareMachines(run: Run): Promise<Machines> {
  const { plan, world, recording, tell } = run;
  tell({ type: "stage", stage: "hosts" });
  const host = await stage(world.clock, "preparing machines", limitMs.prepare, () =>
    world.createHost({
      runId: newRunId(),
      nodes: plan.nodes,
      ports: plan.system.ports,
      options: plan.backendOptions,
      ownDisks: needsOwnDisks(plan.needs),
      onProblem: (problem) => recording.warn(problem),
      onStep: (step) => tell({ type: "step", step }),
    }),
  );
  await recordVersionsOf(run, host);
  return { host, [Symbol.asyncDispose]: () => stop(run, host) };
}

/** Whatever goes wrong is a warning: the machines are there, and nobody would remove them. */
async function recordVersionsOf({ folder, recording }: Run, { versions }: Host): Promise<void> {
  if (folder === null || versions === undefined) return;
  await recordVersions(folder, versions).catch((error) => {
    recording.warn(`no versions were recorded: ${messageOf(error)}`);
  });
}

async function stop(run: Run, host: Host): Promise<void> {
  const { world, recording, folder, tell } = run;
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

async function collectLogs({ recording }: Run, host: Host, folder: string): Promise<void> {
  await host.collectLogs(folder).catch((error) => recording.warn(messageOf(error)));
  for (const warning of logWarnings(findLogPatterns(folder))) recording.warn(warning);
}

/** Marks everything that the run makes on machines, so that `keelhaul clean` can find it. Two runs never share one. */
function newRunId(): string {
  return randomBytes(5).toString("hex");
}
