import type Docker from "dockerode";
import { labelFilter } from "./labels.ts";

/** Removes all that a run made in the engine, containers first as they use the rest. Returns a line for each thing. */
export async function removeRun(docker: Docker, runId: string): Promise<string[]> {
  const filters = labelFilter(runId);
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => unlessGone(docker.getContainer(Id).remove({ force: true, v: true }))));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all(volumes.map(({ Name }) => unlessGone(docker.getVolume(Name).remove({ force: true }))));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())));
  return [
    ...containers.map(({ Names, Id }) => `removed container ${Names[0]?.slice(1) ?? Id} of run ${runId}`),
    ...volumes.map(({ Name }) => `removed volume ${Name.slice(0, 12)} of run ${runId}`),
    ...networks.map(({ Name }) => `removed network ${Name} of run ${runId}`),
  ];
}

/** Two may remove the same thing: not there (404) and being removed already (409) are what was asked for. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    const beingRemoved = statusCode === 409 && /already in progress/.test(message);
    if (statusCode !== 404 && !beingRemoved) throw error;
  }
}
