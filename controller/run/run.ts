import { join } from "node:path";
import type { Cause } from "../../analysis/checker.ts";
import { messageOf } from "../../errors/errors.ts";
import { orWarning } from "../../errors/or-warning.ts";
import { runFiles } from "../../history/test-record.ts";
import { type HistoryWriter, openHistoryWriter } from "../../history/writer.ts";
import { ownControllerName } from "../../hosts/controller-name.ts";
import { ensureUsable } from "../../hosts/requirements.ts";
import { createRunFolder, inStore, pointLatest } from "../../store/run-folder.ts";
import type { Plan } from "../plan/plan.ts";
import { listSchedule } from "../plan/schedule/entry.ts";
import { scheduleFileOf, writeScheduleFile } from "../plan/schedule/file.ts";
import { testRecord } from "../plan/test-record.ts";
import { carryOut } from "./carry-out.ts";
import { judgeAlong } from "./judge-along.ts";
import { openRecording } from "./recording.ts";
import type { Run } from "./run-context.ts";
import { openWorld } from "./world.ts";

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
  await ensureUsable(plan.backend, plan.backendOptions, plan.needs, plan.nodes.length);
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
export async function openFolder(plan: Plan, startedAt: Date): Promise<{ folder: string; writer: HistoryWriter }> {
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

/** Why a history that took no more events ends early. */
export function lossOf({ reason }: AbortSignal): Cause {
  const reached = `${messageOf(reason)}, so the run ended early`;
  return { code: "history-lost", reached, remedy: "repair what the message names, and run the test again" };
}

function titleOf({ name, mutant }: Plan): string {
  return mutant === undefined ? name : `${name} of mutant ${mutant.id} (${mutant.name})`;
}
