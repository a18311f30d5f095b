import { UsageError } from "../errors/errors.ts";
import type { Attached } from "./backend.ts";
import { controllerState } from "./controller-name.ts";
import { backends } from "./registry.ts";
import { keepRun, readRun } from "./run-state.ts";

/**
 * Takes over the machines of a run whose controller is gone: its nodes go on as they are, and its faults can be healed. Throws a
 * UsageError when there are none, or when their controller still runs.
 */
export async function attach(runId: string, onProblem: (problem: string) => void): Promise<Attached> {
  const run = await readRun(runId);
  if (run === undefined) throw new UsageError(`run ${runId}: no machines of it are known here; start it again`);
  const state = await controllerState(run.controller);
  if (state !== "gone") {
    const where = state === "runs" ? "still runs" : "runs on another machine";
    throw new UsageError(`run ${runId}: its controller ${run.controller} ${where}; stop it first`);
  }
  const backend = backends.find(({ name }) => name === run.backend);
  if (backend?.kind !== "machines" || backend.attach === undefined) {
    throw new UsageError(`run ${runId}: machines of ${run.backend} cannot be taken over; run \`keelhaul clean\``);
  }
  await keepRun(run); // in the name of this process, so that `clean` leaves it alone from now on
  return backend.attach(run, onProblem);
}
