import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { labelFilter } from "./labels.ts";

/** How often and how many times a removal is tried again while the engine still counts the thing as used. */
export interface Patience {
  readonly againMs: number;
  readonly attempts: number;
}

const removalWithinMs = 30_000;
const usualPatience: Patience = { againMs: 100, attempts: 100 };

/**
 * Removes all that a run made in the engine, containers first as they use the rest. Returns a line for each thing. The engine
 * may count a volume or network as used for a moment after the container that used it is gone; that is waited for.
 */
export async function removeRun(docker: Docker, runId: string, patience = usualPatience): Promise<string[]> {
  const filters = labelFilter(runId);
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all(
    volumes.map(({ Name }) => onceUnused(() => docker.getVolume(Name).remove({ force: true }), patience)),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => onceUnused(() => docker.getNetwork(Id).remove(), patience)));
  return [
    ...containers.map(({ Names, Id }) => `removed container ${Names[0]?.slice(1) ?? Id} of run ${runId}`),
    ...volumes.map(({ Name }) => `removed volume ${Name.slice(0, 12)} of run ${runId}`),
    ...networks.map(({ Name }) => `removed network ${Name} of run ${runId}`),
  ];
}

/** Also waits for the end of a removal that somebody else began: until then the container uses its volume and network. */
async function removeContainer(container: Docker.Container): Promise<void> {
  await unlessGone(container.remove({ force: true, v: true }));
  await unlessGone(container.wait({ condition: "removed", abortSignal: AbortSignal.timeout(removalWithinMs) }));
}

async function onceUnused(remove: () => Promise<unknown>, { againMs, attempts }: Patience): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await unlessGone(remove());
    } catch (error) {
      if (!isInUse(error as EngineError) || attempt === attempts) throw error;
      await sleep(againMs);
    }
  }
}

type EngineError = Error & { readonly statusCode?: number };

/** Engines answer 409 for a volume, and 403 or 409 for a network with endpoints. */
function isInUse({ statusCode, message }: EngineError): boolean {
  return (statusCode === 409 || statusCode === 403) && /in use|active endpoints/.test(message);
}

/** Two may remove the same thing: not there (404) and being removed already (409) are what was asked for. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const { statusCode, message } = error as EngineError;
    const beingRemoved = statusCode === 409 && /already in progress/.test(message);
    if (statusCode !== 404 && !beingRemoved) throw error;
  }
}
