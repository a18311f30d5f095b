import { identityIsAlive } from "../agent/process-state.ts";
import type { Cleaned } from "../backend.ts";
import { endProcesses, findRunProcesses, type RunProcess } from "./run-processes.ts";
import { cleanTemporaryFolders } from "./temporary-folder.ts";

/**
 * Ends the processes of this user's local runs whose controller is gone, and removes the folders that they wrote to.
 * Runs that are under way are left alone.
 */
export async function cleanLocal(): Promise<Cleaned> {
  const found = await findRunProcesses();
  const alive = await Promise.all(found.map(({ controller }) => identityIsAlive(controller)));
  const orphans = found.filter((_, index) => !alive[index]);
  await endProcesses(orphans);
  const { removed, leftAlone } = await cleanTemporaryFolders();
  return { removed: [...orphans.map(describe), ...removed], leftAlone };
}

function describe({ pid, run }: RunProcess): string {
  return `ended process ${pid} of run ${run}, whose controller is gone`;
}
