import { forbiddenWalk, type Level } from "./forbidden-walk.ts";
import { type Edge, type Effort, SmallGraph } from "./small-graph.ts";

/** A version of a key: who wrote it (-1: nobody in the problem, such as of the initial one) and who read it. */
export interface Version {
  readonly writer: number;
  readonly readers: readonly number[];
}

/** Two versions of a key of which nobody saw which one came first. */
export interface Choice {
  readonly key: number;
  readonly a: number;
  readonly b: number;
}

/** Some transactions, what is known of their order, and what is not. Transactions are numbers from 0. */
export interface Problem {
  /** Of a transaction: whether it writes. */
  readonly writes: readonly boolean[];
  readonly edges: readonly Edge[];
  readonly keys: readonly (readonly Version[])[];
  readonly choices: readonly Choice[];
}

/** Why no order of versions will do: a walk that must not be, or both answers to a question lead to one. */
export type Proof =
  | { readonly walk: readonly Edge[] }
  | { readonly choice: Choice; readonly ifAFirst: Proof; readonly ifBFirst: Proof };

/**
 * Decides whether some order of the versions keeps the graph free of all walks that the level forbids: first by what is
 * forced, then by trying both sides of what is not. The proof that there is none, or null when there is one; throws
 * EffortSpent.
 */
export function refute(problem: Problem, level: Level, effort: Effort): Proof | null {
  const graph = new SmallGraph(problem.writes, problem.edges);
  const known = forbiddenWalk(graph, level, effort);
  if (known !== null) return { walk: known };
  if (problem.choices.length === 0) return null;
  for (const choice of problem.choices)
    graph.add([...orderEdges(problem, choice, true), ...orderEdges(problem, choice, false)]);
  const none = forbiddenWalk(graph, level, effort) === null;
  graph.shrinkTo(problem.edges.length);
  return none ? null : search({ problem, graph, level, effort }, problem.choices);
}

interface Search {
  readonly problem: Problem;
  readonly graph: SmallGraph;
  readonly level: Level;
  readonly effort: Effort;
}

/** The graph has no forbidden walk; `open` is what is not decided in it. */
function search(search_: Search, choices: readonly Choice[]): Proof | null {
  const { problem, graph } = search_;
  let open = choices;
  const forced: { choice: Choice; aFirst: boolean; walk: readonly Edge[] }[] = [];
  const conclude = (proof: Proof): Proof =>
    forced.reduceRight<Proof>((inner, { choice, aFirst, walk }) => {
      return aFirst ? cases(choice, inner, { walk }) : cases(choice, { walk }, inner);
    }, proof);
  for (let changed = true; changed; ) {
    changed = false;
    const left: Choice[] = [];
    for (const choice of open) {
      const ifAFirst = walkWith(search_, choice, true);
      const ifBFirst = walkWith(search_, choice, false);
      if (ifAFirst !== null && ifBFirst !== null)
        return conclude(cases(choice, { walk: ifAFirst }, { walk: ifBFirst }));
      if (ifAFirst === null && ifBFirst === null) {
        left.push(choice);
        continue;
      }
      const aFirst = ifAFirst === null;
      graph.add(orderEdges(problem, choice, aFirst));
      forced.push({ choice, aFirst, walk: (ifAFirst ?? ifBFirst)! });
      changed = true;
    }
    open = left;
  }
  const [next, ...rest] = open;
  if (next === undefined) return null;
  const size = graph.size;
  const proofs = [true, false].map((aFirst) => () => {
    graph.add(orderEdges(problem, next, aFirst));
    const proof = search(search_, rest);
    graph.shrinkTo(size);
    return proof;
  });
  const ifAFirst = proofs[0]!();
  if (ifAFirst === null) return null;
  const ifBFirst = proofs[1]!();
  return ifBFirst === null ? null : conclude(cases(next, ifAFirst, ifBFirst));
}

function walkWith({ problem, graph, level, effort }: Search, choice: Choice, aFirst: boolean): Edge[] | null {
  const size = graph.size;
  graph.add(orderEdges(problem, choice, aFirst));
  const walk = forbiddenWalk(graph, level, effort);
  graph.shrinkTo(size);
  return walk;
}

/** What follows when one of two versions came first: its writer before the other's, and its readers too. */
function orderEdges({ keys }: Problem, { key, a, b }: Choice, aFirst: boolean): Edge[] {
  return edgesOfOrder(keys[key]!, key, aFirst ? [a, b] : [b, a], true);
}

export function edgesOfOrder(
  versions: readonly Version[],
  key: number,
  [before, after]: readonly [before: number, after: number],
  assumed: boolean,
): Edge[] {
  const [first, second] = [versions[before]!, versions[after]!];
  if (second.writer < 0) return [];
  const about = { to: second.writer, key, before, after, assumed };
  const edges: Edge[] = first.writer < 0 ? [] : [{ ...about, from: first.writer, type: "ww" }];
  for (const reader of first.readers) if (reader !== second.writer) edges.push({ ...about, from: reader, type: "rw" });
  return edges;
}

/** Both cases, or only the one that does without the question. */
function cases(choice: Choice, ifAFirst: Proof, ifBFirst: Proof): Proof {
  if (!assumes(ifAFirst, choice, true)) return ifAFirst;
  if (!assumes(ifBFirst, choice, false)) return ifBFirst;
  return { choice, ifAFirst, ifBFirst };
}

function assumes(proof: Proof, choice: Choice, aFirst: boolean): boolean {
  if ("choice" in proof) return assumes(proof.ifAFirst, choice, aFirst) || assumes(proof.ifBFirst, choice, aFirst);
  const [before, after] = aFirst ? [choice.a, choice.b] : [choice.b, choice.a];
  return proof.walk.some((edge) => {
    return edge.assumed && edge.key === choice.key && edge.before === before && edge.after === after;
  });
}

/** The walks of a proof, each with what it assumes. */
export function leaves(proof: Proof): readonly (readonly Edge[])[] {
  return "walk" in proof ? [proof.walk] : [...leaves(proof.ifAFirst), ...leaves(proof.ifBFirst)];
}
