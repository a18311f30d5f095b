import type { Model } from "../models/model.ts";
import { moment } from "../words.ts";
import { bruteForceLimit, explainable } from "./brute-force.ts";
import type { ObjectHistory, RecordedOperation } from "./collect.ts";
import { type Decision, decide, type SearchBudget, type Shortage } from "./decide.ts";
import { explainImpossible, explainStuck } from "./explain.ts";
import { anyStateOf, type Problem, problemOf } from "./problem.ts";
import { faultOf } from "./replay.ts";
import type { SearchViolation } from "./result.ts";
import { shrink } from "./shrink.ts";

/** The verdict on one object. */
export type ObjectVerdict =
  | { readonly verdict: "valid" }
  | { readonly verdict: "invalid"; readonly violation: SearchViolation }
  | { readonly verdict: "unknown"; readonly code: UnknownCode; readonly reached: string };

export const unknownRemedies = {
  "node-budget": "use more keys with fewer operations each, values that are written once, or fewer clients",
  "time-budget": "use more keys with fewer operations each, values that are written once, or allow more time",
  "memory-budget": "use more keys with fewer operations each, values that are written once, or allow more memory",
  "unsupported-operation": "give such operations keys of their own, or choose a model that knows them",
  "checker-disagrees": "please report this as a bug of Keelhaul, with the history",
  "not-searched": "search all objects by --all-violations",
} as const satisfies Record<Shortage | "unsupported-operation" | "checker-disagrees" | "not-searched", string>;
export type UnknownCode = keyof typeof unknownRemedies;

/** Time for making evidence small, whatever is left of the budget otherwise. */
const shrinkMs = 3000;

/** Whether the operations on one object have an order that the model allows, within a budget. */
export function checkObject(
  model: Model,
  { name, operations, objection }: ObjectHistory,
  budget: SearchBudget,
  now: () => number,
): ObjectVerdict {
  if (objection !== null) return { verdict: "unknown", code: "unsupported-operation", reached: objection };
  const impossible = model.impossible?.(operations) ?? null;
  if (impossible !== null) {
    return { verdict: "invalid", violation: explainImpossible(model, name, operations, impossible) };
  }
  const monitored = model.monitor?.(operations) ?? null;
  if (monitored === "linearizable") return { verdict: "valid" };
  if (monitored !== null) {
    return { verdict: "invalid", violation: explainImpossible(model, name, operations, monitored) };
  }
  const problem = problemOf(model, operations);
  const anyState = anyStateOf(model, operations, problem.machine);
  const decision = decide(problem, anyState, budget, now);
  if (decision.verdict === "unknown") return undecided(operations, decision);
  if (decision.verdict === "valid") return confirmValid(model, operations, problem, decision.order);
  const deadline = now() + shrinkMs;
  const evidence = shrink(decision.evidence, { nodes: budget.nodes, mayGoOn: () => now() < deadline });
  const shown = demanding(evidence).map((place) => operations[place]!);
  const starts = evidence.starts.map((state) => problem.machine.stateValue(state));
  if (shown.length <= bruteForceLimit / 2 && explainable(model, shown, starts)) return disagreement;
  return {
    verdict: "invalid",
    violation: explainStuck(model, name, operations, problem, shown, decision.stuck),
  };
}

const disagreement: ObjectVerdict = {
  verdict: "unknown",
  code: "checker-disagrees",
  reached: "the search and an independent check of its answer disagree",
};

/** Places of the operations that evidence does not leave open. */
function demanding(evidence: Problem): number[] {
  return evidence.operations
    .filter(({ ret, optional }) => ret !== Number.POSITIVE_INFINITY && optional !== true)
    .map(({ place }) => place);
}

function confirmValid(
  model: Model,
  operations: readonly RecordedOperation[],
  { machine }: Problem,
  order: readonly { operation: number; letter: number }[],
): ObjectVerdict {
  const placed = order.map(({ operation, letter }) => ({
    operation: operations[operation]!,
    as: machine.operation(letter),
  }));
  return faultOf(model, operations, placed) === null ? { verdict: "valid" } : disagreement;
}

function undecided(
  operations: readonly RecordedOperation[],
  { code, stuck, nodes }: Decision & { verdict: "unknown" },
): ObjectVerdict {
  if (stuck === null)
    return { verdict: "unknown", code, reached: "more operations were concurrent than fit in memory" };
  const { schedule, far } = stuck;
  const place = schedule.operations[schedule.returns[Math.max(0, far)]!]!.place;
  const { completion, invocation } = operations[place]!.pair;
  const until = moment((completion ?? invocation).time);
  const share = `the first ${Math.max(0, far)} of ${schedule.returns.length} operations that ended (until ${until})`;
  return {
    verdict: "unknown",
    code,
    reached: `${share} can be ordered; the rest is open after ${nodes} configurations`,
  };
}
