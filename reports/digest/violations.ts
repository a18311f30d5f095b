import type { CheckerResult } from "../../analysis/checker.ts";
import { type Results, type Violation, violationKinds } from "../../analysis/results.ts";
import { activeFaultIds } from "./faults.ts";
import { clipLanes, thinLanes } from "./roles.ts";
import type { FaultDigest, NodeLane, ViolationScene } from "./types.ts";

/** Role segments of all nodes around one violation. */
const mostSegments = 600;

/** Every violation that a checker shows, with roles and faults from a little before it to a little after. */
export function digestViolations(
  results: Results | null,
  faults: readonly FaultDigest[],
  lanes: readonly NodeLane[],
  endNs: number,
): ViolationScene[] {
  return Object.entries(results?.checkers ?? {}).flatMap(([checker, result]) =>
    violationsOf(result).map((violation) => {
      const { fromNs, toNs } = span(violation, endNs);
      return {
        ...violation,
        checker,
        meaning: violationKinds[violation.kind],
        fromNs,
        toNs,
        nodes: thinLanes(clipLanes(lanes, fromNs, toNs), toNs - fromNs, mostSegments),
        faultIds: activeFaultIds(faults, fromNs, toNs),
      };
    }),
  );
}

/** How many there are in all, of which checkers may show only the most telling. */
export function countViolations(results: Results | null): number {
  return Object.values(results?.checkers ?? {}).reduce((sum, result) => {
    const count = "violationCount" in result ? Number(result.violationCount) : violationsOf(result).length;
    return sum + count;
  }, 0);
}

/** From the first invocation to the last completion, with a fifth more around it and never less than 2 ms. */
function span(violation: Violation, endNs: number): { fromNs: number; toNs: number } {
  const starts = violation.operations.map((operation) => operation.invokedAtNs);
  const ends = violation.operations.map((operation) => operation.completedAtNs ?? operation.invokedAtNs);
  const first = Math.min(...starts, endNs);
  const last = Math.max(...ends, first);
  const margin = Math.max((last - first) * 0.1, 1e6);
  return { fromNs: Math.max(0, first - margin), toNs: last + margin };
}

function violationsOf(result: CheckerResult): readonly Violation[] {
  return "violations" in result && Array.isArray(result.violations) ? result.violations : [];
}
