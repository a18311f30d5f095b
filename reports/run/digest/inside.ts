import type { InvariantsResult } from "../../../analysis/checkers/invariants.ts";
import type { Results } from "../../../analysis/results.ts";
import type { InsideScene } from "./types.ts";

/** The invariant of the store that was broken, with what its nodes did before; null where none was. */
export function digestInside(results: Results | null): InsideScene | null {
  const seen = (results?.checkers["invariants"] as InvariantsResult | undefined)?.violation;
  if (!seen) return null;
  const { invariant, name, statement = null, nodes, detail, timeNs, lastSteps: steps = [], lastTurns = [] } = seen;
  const first = steps[0]?.step ?? Number.POSITIVE_INFINITY;
  // Those among the last steps are shown there.
  const turns = lastTurns.filter(({ step }) => step < first);
  return { invariant, name, statement, nodes, detail, atNs: timeNs, turns, steps };
}
