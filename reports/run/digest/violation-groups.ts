import type { CheckerResult } from "../../../analysis/checker.ts";
import type { Results } from "../../../analysis/results.ts";
import { anomaliesOf } from "./anomalies.ts";
import type { NodeCount, ViolationGroup, ViolationScene } from "./types.ts";

/**
 * Violations of one kind that one checker found, as one group each: how many there are, where, and which examples are
 * drawn. Groups keep the order of their first examples, but what the consistency model allows comes last.
 */
export function groupViolations(scenes: readonly ViolationScene[], results: Results | null): ViolationGroup[] {
  const groups = Map.groupBy(scenes.keys(), (at) => `${scenes[at]!.checker} ${scenes[at]!.kind}`);
  return [...groups.values()]
    .map((examples) => groupOf(examples, scenes, results))
    .toSorted((one, other) => Number(other.forbidden) - Number(one.forbidden));
}

function groupOf(
  examples: readonly number[],
  scenes: readonly ViolationScene[],
  results: Results | null,
): ViolationGroup {
  const drawn = examples.map((at) => scenes[at]!);
  const { kind, checker, meaning, forbidden } = drawn[0]!;
  const isOnlyKind = scenes.every((scene) => scene.checker !== checker || scene.kind === kind);
  const counted = countOf(kind, results?.checkers[checker], isOnlyKind);
  const measured = kind === "stale-read" ? staleByNode(results?.checkers["staleness"]) : [];
  const keys = new Set(drawn.flatMap(({ key }) => (key === null ? [] : [key])));
  return {
    ...{ kind, checker, meaning, forbidden, examples },
    count: Math.max(counted, examples.length),
    keys: keys.size,
    byNode: measured.length > 0 ? measured : nodesOf(drawn),
  };
}

/** How many of a kind there are, as far as its checker says; 0 where it does not. */
function countOf(kind: string, result: CheckerResult | undefined, isOnlyKind: boolean): number {
  if (result === undefined) return 0;
  const anomaly = anomaliesOf(result).find(({ name }) => name === kind);
  if (anomaly !== undefined) return anomaly.count;
  if (kind === "stale-read" && "staleReads" in result) return numberIn(result.staleReads, "count");
  return isOnlyKind ? numberIn(result, "violationCount") : 0;
}

/** All stale reads by the node that answered them, which the staleness check counts. */
function staleByNode(result: CheckerResult | undefined): NodeCount[] {
  if (result === undefined || !("byNode" in result)) return [];
  return mostFirst(Object.entries(Object(result.byNode)).map(([node, of]) => ({ node, count: numberIn(of, "stale") })));
}

/** The node that answered last in each example: the answer that should not have been given. */
function nodesOf(scenes: readonly ViolationScene[]): NodeCount[] {
  const nodes = scenes.flatMap(({ operations }) => operations.findLast(({ node }) => node !== undefined)?.node ?? []);
  return mostFirst([...Map.groupBy(nodes, (node) => node)].map(([node, all]) => ({ node, count: all.length })));
}

function mostFirst(counts: readonly NodeCount[]): NodeCount[] {
  return counts
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count || one.node.localeCompare(other.node));
}

function numberIn(holder: unknown, name: string): number {
  const value: unknown = Object(holder)[name];
  return typeof value === "number" ? value : 0;
}
