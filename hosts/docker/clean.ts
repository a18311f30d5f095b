import type Docker from "dockerode";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { type Cleaned, nothingCleaned } from "../backend.ts";
import { forgetOrphanedRuns } from "../run-state.ts";
import { connectEngine } from "./engine.ts";
import { keepLogs } from "./keep-logs.ts";
import { isOrphaned, labelFilter, runOf } from "./labels.ts";
import { removeRun } from "./remove.ts";

/**
 * Removes what runs left in the engine whose controller is gone; runs that are under way are left alone, and so is the
 * image. Without a daemon there is nothing to remove.
 */
export async function cleanDocker(): Promise<Cleaned> {
  const docker = await connectEngine().catch((error: unknown) => {
    if (error instanceof UsageError) return undefined;
    throw error;
  });
  if (!docker) return nothingCleaned;
  const removed: string[] = [];
  const kept: string[] = [];
  const leftAlone: string[] = [];
  for (const runId of await orphanedRuns(docker)) {
    try {
      const logs = await keepLogs(runId);
      kept.push(...logs.kept);
      leftAlone.push(...logs.lost);
      removed.push(...(await removeRun(docker, runId)));
    } catch (error) {
      leftAlone.push(`left run ${runId} in the engine: ${messageOf(error)}; run \`keelhaul clean\` again`);
    }
  }
  await forgetOrphanedRuns("docker");
  return { removed, kept, leftAlone };
}

/** A killed controller may have left any of the three kinds of things alone: it could have been killed between two. */
async function orphanedRuns(docker: Docker): Promise<Set<string>> {
  const filters = labelFilter();
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  const networks = await docker.listNetworks({ filters });
  const orphaned = new Set<string>();
  for (const { Labels: labels } of [...containers, ...volumes, ...networks]) {
    const run = runOf(labels ?? {});
    if (run !== undefined && (await isOrphaned(labels ?? {}))) orphaned.add(run);
  }
  return orphaned;
}
