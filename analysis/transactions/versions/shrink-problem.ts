import type { Level } from "./forbidden-walk.ts";
import { leaves, type Problem, type Proof, refute } from "./refute.ts";
import type { Effort } from "./small-graph.ts";

/** A refuted problem with as few transactions as will do, and which of the whole they are. */
export interface Refutation {
  readonly problem: Problem;
  readonly proof: Proof;
  /** Of a transaction of this problem: its number in the whole. */
  readonly nodes: readonly number[];
}

/**
 * Leaves out whatever the proof can do without. To leave out transactions is sound: the edges that any order of the
 * versions gives the rest are some of those that it gives all.
 */
export function shrinkProblem(problem: Problem, proof: Proof, level: Level, effort: Effort): Refutation {
  let least: Refutation = { problem, proof, nodes: problem.writes.map((_, node) => node) };
  const attempt = (keep: (node: number) => boolean): boolean => {
    const kept = least.nodes.map((_, node) => node).filter(keep);
    if (kept.length === least.nodes.length) return false;
    const smaller = without(least.problem, kept);
    const found = refute(smaller, level, effort);
    if (found === null) return false;
    least = { problem: smaller, proof: found, nodes: kept.map((node) => least.nodes[node]!) };
    return true;
  };
  const needed = new Set(leaves(proof).flatMap((walk) => walk.flatMap(({ from, to }) => [from, to])));
  attempt((node) => needed.has(node));
  for (let node = least.nodes.length - 1; node >= 0; node--) attempt((other) => other !== node);
  return least;
}

/** The problem of only these transactions; versions of others are nobody's. */
function without(problem: Problem, kept: readonly number[]): Problem {
  const place = new Map(kept.map((node, at) => [node, at]));
  const at = (node: number): number => place.get(node) ?? -1;
  return {
    writes: kept.map((node) => problem.writes[node]!),
    edges: problem.edges
      .filter(({ from, to }) => place.has(from) && place.has(to))
      .map((edge) => ({ ...edge, from: at(edge.from), to: at(edge.to) })),
    keys: problem.keys.map((versions) =>
      versions.map(({ writer, readers }) => ({
        writer: at(writer),
        readers: readers.filter((reader) => place.has(reader)).map(at),
      })),
    ),
    choices: problem.choices.filter(({ key, a, b }) => {
      const versions = problem.keys[key]!;
      return place.has(versions[a]!.writer) && place.has(versions[b]!.writer);
    }),
  };
}
