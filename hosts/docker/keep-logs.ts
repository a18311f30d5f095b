import { mkdir } from "node:fs/promises";
import { messageOf } from "../../errors/errors.ts";
import { whyUntrusted } from "../../state/trust.ts";
import { attachFleet } from "../agent/attach-fleet.ts";
import { type RunState, readRun } from "../run-state.ts";

/** What became of the logs of a killed run, a line for each node. */
export interface KeptLogs {
  readonly kept: readonly string[];
  readonly lost: readonly string[];
}

/**
 * Copies the logs of a killed run's nodes to where a run that ends by itself collects them, by asking the agent that still
 * runs in each container. A container without one is removed all the same, so that its logs are lost.
 */
export async function keepLogs(runId: string): Promise<KeptLogs> {
  const run = await readRun(runId);
  const folder = run?.place["logs"];
  const kept: string[] = [];
  const lost: string[] = [];
  if (run === undefined || folder === undefined) return { kept, lost };
  for (const node of run.nodes) {
    const why = await whyLost({ ...run, nodes: [node] }, folder);
    if (why === undefined) kept.push(`kept the logs of ${node.id} of run ${runId} in ${folder}`);
    else lost.push(`could not keep the logs of ${node.id} of run ${runId}: ${why}`);
  }
  return { kept, lost };
}

async function whyLost(run: RunState, folder: string): Promise<string | undefined> {
  try {
    // Nothing is written through a link, or into a folder that another user could exchange.
    await mkdir(folder, { recursive: true });
    const why = whyUntrusted(folder);
    if (why !== undefined) return why;
    const { fleet } = await attachFleet(run, () => {});
    await fleet.copyFiles(folder).finally(() => fleet.dropLeases());
    return undefined;
  } catch (error) {
    return messageOf(error instanceof Error ? (error.cause ?? error) : error);
  }
}
