import { OptionError } from "../../errors/errors.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { Capability, SettableClocks } from "../../hosts/host.ts";

/**
 * Which clocks of node processes the faults of a plan set; none where its faults leave clocks alone, so that no process runs
 * under a preload for nothing. Throws an OptionError where one process cannot have both.
 */
export function settableClocksFor(needs: readonly Capability[], backend: Backend): SettableClocks | undefined {
  const wall = needs.includes("clock");
  const monotonic = needs.includes("clock-monotonic");
  if (wall && monotonic && backend.kind === "machines") {
    throw new OptionError(
      ["nemesis"],
      "a run sets either wall clocks alone or monotonic clocks, as libfaketime moves both together; make two runs, or use --backend sim",
    );
  }
  if (monotonic) return "both";
  return wall ? "wall" : undefined;
}
