import { OptionError } from "../../errors/errors.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { Capability, SettableClocks } from "../../hosts/host.ts";

/**
 * Which clocks of node processes the faults of a plan set; none where its faults leave clocks alone, so that no process runs
 * under a preload for nothing. Throws an OptionError where one process cannot have both, and where `areTraced` nodes would lose
 * the order of their traces.
 */
export function settableClocksFor(
  needs: readonly Capability[],
  backend: Backend,
  areTraced: boolean,
): SettableClocks | undefined {
  const wall = needs.includes("clock");
  const monotonic = needs.includes("clock-monotonic");
  const objection = backend.kind === "machines" && monotonic ? objectionTo(wall, areTraced) : null;
  if (objection !== null) throw new OptionError(["nemesis"], objection);
  if (monotonic) return "both";
  return wall ? "wall" : undefined;
}

/** What libfaketime cannot do beside the monotonic clock of a process. */
function objectionTo(wall: boolean, areTraced: boolean): string | null {
  if (wall) {
    return "a run sets either wall clocks alone or monotonic clocks, as libfaketime moves both together; make two runs, or use --backend sim";
  }
  if (!areTraced) return null;
  return "clock:monotonic-drift changes the clocks by which the traces of nodes are put in order; omit the traces, or use --backend sim";
}
