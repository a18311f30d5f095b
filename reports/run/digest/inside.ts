import type { InvariantsResult } from "../../../analysis/checkers/invariants.ts";
import type { Results } from "../../../analysis/results.ts";
import type { ViolationRecord } from "../../../history/annotations.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import { likelyCause } from "./likely-cause.ts";
import { type Course, situationAt } from "./situation.ts";
import type { InsideScene, LikelyCause } from "./types.ts";

/** The invariant of the store that was broken, with what its nodes did before; null where none was. */
export function digestInside(results: Results | null, course: Course, test: TestRecord | null): InsideScene | null {
  const seen = (results?.checkers["invariants"] as InvariantsResult | undefined)?.violation;
  if (!seen) return null;
  const {
    invariant,
    name,
    statement = null,
    nodes,
    detail,
    timeNs: atNs,
    lastSteps: steps = [],
    lastTurns = [],
  } = seen;
  const first = steps[0]?.step ?? Number.POSITIVE_INFINITY;
  // Those among the last steps are shown there.
  const turns = lastTurns.filter(({ step }) => step < first);
  return { invariant, name, statement, nodes, detail, atNs, cause: causeOf(seen, course, test), turns, steps };
}

/** What the node that broke the invariant was then, and what had been done to it since the first step that is shown. */
function causeOf(
  { nodes, timeNs, lastSteps }: ViolationRecord,
  course: Course,
  test: TestRecord | null,
): LikelyCause | null {
  const [node] = nodes;
  if (node === undefined) return null;
  const fromNs = lastSteps[0]?.timeNs ?? timeNs;
  // The steps tell the roles of that very moment; the observer only looks five times a second.
  const situation = { ...situationAt(node, { fromNs, atNs: timeNs }, course), role: null };
  return likelyCause(situation, "broke the invariant", test);
}
