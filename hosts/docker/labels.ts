import { hostname } from "node:os";
import { identityIsAlive, processIdentity } from "../agent/process-state.ts";

/** Everything that a run makes in the engine carries these labels, so that it can be found when its controller is gone. */
const runLabel = "keelhaul.run";
const controllerLabel = "keelhaul.controller";

type Labels = Readonly<Record<string, string>>;

/** The labels of a run that this process controls. */
export async function ownLabels(runId: string): Promise<Record<string, string>> {
  return { [runLabel]: runId, [controllerLabel]: `${await processIdentity(process.pid)}@${hostname()}` };
}

/** The engine's filter for what a run made, or for what any run made. */
export function labelFilter(runId?: string): { label: string[] } {
  return { label: [runId === undefined ? runLabel : `${runLabel}=${runId}`] };
}

export function runOf(labels: Labels): string | undefined {
  return labels[runLabel];
}

/** Whether the controller is known to be gone. One on another machine, which shares this engine, cannot be known of. */
export async function isOrphaned(labels: Labels): Promise<boolean> {
  const [identity, machine] = (labels[controllerLabel] ?? "").split("@");
  return machine === hostname() && identity !== undefined && !(await identityIsAlive(identity));
}
