import { ownControllerName } from "../controller-name.ts";
import { stateOfController } from "../run-state.ts";

/** Everything that a run makes in the engine carries these labels, so that it can be found when its controller is gone. */
const runLabel = "keelhaul.run";
const controllerLabel = "keelhaul.controller";

type Labels = Readonly<Record<string, string>>;

/** The labels of a run that this process controls. */
export async function ownLabels(runId: string): Promise<Record<string, string>> {
  return { [runLabel]: runId, [controllerLabel]: await ownControllerName() };
}

/** The engine's filter for what a run made, or for what any run made. */
export function labelFilter(runId?: string): { label: string[] } {
  return { label: [runId === undefined ? runLabel : `${runLabel}=${runId}`] };
}

export function runOf(labels: Labels): string | undefined {
  return labels[runLabel];
}

/** Whether the controller is known to be gone. */
export async function isOrphaned(labels: Labels): Promise<boolean> {
  return (await stateOfController(labels[runLabel] ?? "", labels[controllerLabel] ?? "")) === "gone";
}
