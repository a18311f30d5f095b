import type { Cleaned } from "../backend.ts";
import { onThisMachine } from "../controller-name.ts";
import { forgetOrphanedRuns, stateOfController } from "../run-state.ts";
import { endProcesses, findRunProcesses, type RunProcess } from "./run-processes.ts";
import { cleanTemporaryFolders } from "./temporary-folder.ts";

/**
 * Ends the processes of this user's local runs whose controller is gone, and removes the folders that they wrote to.
 * Runs that are under way are left alone.
 */
export async function cleanLocal(): Promise<Cleaned> {
  const found = await findRunProcesses();
  const controllers = await Promise.all(found.map(controllerOf));
  const orphans = found.filter((_, index) => controllers[index] === "gone");
  await endProcesses(orphans);
  const { removed, leftAlone } = await cleanTemporaryFolders();
  await forgetOrphanedRuns("local");
  return { removed: [...orphans.map(describe), ...removed], leftAlone };
}

/** Processes name their controller without its machine, which is this one. */
function controllerOf({ run, controller }: RunProcess): ReturnType<typeof stateOfController> {
  return stateOfController(run, onThisMachine(controller));
}

function describe({ pid, run }: RunProcess): string {
  return `ended process ${pid} of run ${run}, whose controller is gone`;
}
