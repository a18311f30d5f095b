import { identityIsAlive } from "../agent/process-state.ts";
import { endProcesses, findRunProcesses, type RunProcess } from "./run-processes.ts";

/**
 * Ends the processes of local runs whose controller is gone; runs that are under way are left alone.
 * Returns a line for each process ended.
 */
export async function cleanLocal(): Promise<string[]> {
  const found = await findRunProcesses();
  const alive = await Promise.all(found.map(({ controller }) => identityIsAlive(controller)));
  const orphans = found.filter((_, index) => !alive[index]);
  await endProcesses(orphans);
  return orphans.map(describe);
}

function describe({ pid, run }: RunProcess): string {
  return `ended process ${pid} of run ${run}, whose controller is gone`;
}
