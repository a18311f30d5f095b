import type { Namer } from "../anomaly.ts";
import type { Extent } from "../cycles.ts";
import type { Level } from "./forbidden-walk.ts";
import { type Problem, type Proof, refute } from "./refute.ts";
import { type Refutation, shrinkProblem } from "./shrink-problem.ts";
import { type Edge, type Effort, EffortSpent } from "./small-graph.ts";

/** Transactions that may lie on one cycle, whatever the order of versions is; `rows` are those of the history. */
export interface Group {
  readonly rows: readonly number[];
  readonly problem: Problem;
  /** How sentences call a key, and a version of it. */
  key(key: number): string;
  version(key: number, version: number): string;
  /** Why an edge of the problem is one, but for those of sessions. */
  why(edge: Edge, name: Namer): string;
}

/** What the edges that are known for certain leave open. */
export interface OpenQuestions {
  /** The levels that edges known for certain do not decide. */
  readonly levels: readonly Level[];
  /** Whether some order of all transactions that keeps to the extent explains every answer. */
  hasSerialOrder(extent: Extent): boolean;
  /** The groups, each to be decided alone; `too-large` for one that no effort would do for. */
  groups(extent: Extent, level: Level): readonly (Group | "too-large")[];
}

export interface Decision {
  /** One refutation a group. */
  readonly refuted: readonly { readonly group: Group; readonly refutation: Refutation }[];
  /** False: some group was too large, or took too long. */
  readonly complete: boolean;
}

/** Decides every group on one level. */
export function decide(groups: readonly (Group | "too-large")[], level: Level, effort: Effort): Decision {
  const refuted: Decision["refuted"][number][] = [];
  let complete = true;
  for (const group of groups) {
    if (group === "too-large") {
      complete = false;
      continue;
    }
    const proof = attempt(() => refute(group.problem, level, effort));
    if (proof === "spent") complete = false;
    else if (proof !== null) refuted.push({ group, refutation: shrunk(group.problem, proof, level, effort) });
  }
  return { refuted, complete };
}

function shrunk(problem: Problem, proof: Proof, level: Level, effort: Effort): Refutation {
  const small = attempt(() => shrinkProblem(problem, proof, level, effort));
  return small === "spent" ? { problem, proof, nodes: problem.writes.map((_, node) => node) } : small;
}

function attempt<Result>(work: () => Result): Result | "spent" {
  try {
    return work();
  } catch (error) {
    if (error instanceof EffortSpent) return "spent";
    throw error;
  }
}
