import type { Checker, HistorySource } from "../checker.ts";
import type { Model } from "../models/model.ts";
import { plural } from "../words.ts";
import { checkObject, type ObjectVerdict, unknownRemedies } from "./check-object.ts";
import { type ObjectHistory, objectsOf, pairForm } from "./collect.ts";
import type { SearchBudget } from "./decide.ts";
import type { LinearizabilityResult, SearchViolation } from "./result.ts";

export interface SearchOptions {
  /** For the whole history. */
  readonly budget?: Partial<SearchBudget>;
  /** A clock in milliseconds, to keep to the time. */
  readonly now?: () => number;
  /** Searches every object to its end, even when one is refuted already. */
  readonly allViolations?: boolean;
}

export const defaultSearchBudget: SearchBudget = { nodes: 50_000_000, timeMs: 60_000, memoryEntries: 20_000_000 };

/** What every object gets at first, so that a hard one does not keep the easy ones from being judged. */
const firstLook = { nodes: 100_000, timeMs: 2000 } as const;

const maxViolations = 20;

/**
 * Whether every object behaved as the model does, one operation at a time: linearizability by search. Decides any model;
 * meant for few values and much contention, where the exact check of registers (../register/judge.ts) cannot.
 */
export function linearizable(model: Model, options: SearchOptions = {}): Checker<LinearizabilityResult> {
  const budget = { ...defaultSearchBudget, ...options.budget };
  const now = options.now ?? (() => performance.now());
  return {
    name: `linearizable-${model.name}`,
    forms: [pairForm],
    check: (history: HistorySource) => {
      const objects = objectsOf(history, model).filter(
        ({ operations, objection }) => operations.length > 0 || objection,
      );
      return conclude(model, objects, checkAll(model, objects, budget, now, options.allViolations));
    },
  };
}

/**
 * All objects with a little budget; then those that it did not decide share what is left, until one is refuted, unless
 * all violations are asked for.
 */
export function checkAll(
  model: Model,
  objects: readonly ObjectHistory[],
  budget: SearchBudget,
  now: () => number,
  allViolations = false,
): ObjectVerdict[] {
  const deadline = now() + budget.timeMs;
  let isRefuted = false;
  const check = (object: ObjectHistory, nodes: number, timeMs: number): ObjectVerdict => {
    const verdict = checkObject(model, object, { ...budget, nodes: Math.min(budget.nodes, nodes), timeMs }, now);
    isRefuted ||= verdict.verdict === "invalid" && !allViolations;
    return verdict;
  };
  const verdicts = objects.map((object) => {
    if (isRefuted) return notSearched;
    return check(object, firstLook.nodes, Math.min(firstLook.timeMs, Math.max(0, deadline - now())));
  });
  const open = [...objects.keys()].filter((place) => isShortage(verdicts[place]!));
  for (const [done, place] of open.entries()) {
    const timeMs = (deadline - now()) / (open.length - done);
    if (isRefuted || timeMs <= 0) break;
    verdicts[place] = check(objects[place]!, budget.nodes, timeMs);
  }
  return verdicts;
}

/** What an object gets when another one's refutation has settled the verdict. */
const notSearched: ObjectVerdict = {
  verdict: "unknown",
  code: "not-searched",
  reached: "another object was refuted before it was searched",
};

function isShortage(verdict: ObjectVerdict): boolean {
  return verdict.verdict === "unknown" && verdict.code.endsWith("-budget");
}

function conclude(
  model: Model,
  objects: readonly ObjectHistory[],
  verdicts: readonly ObjectVerdict[],
): LinearizabilityResult {
  const violations = verdicts
    .flatMap((verdict) => (verdict.verdict === "invalid" ? [verdict.violation] : []))
    .sort((a, b) => a.operations.length - b.operations.length || firstIndex(a) - firstIndex(b));
  const operations = objects.reduce((sum, object) => sum + object.operations.length, 0);
  const unknown = verdicts.filter(({ verdict }) => verdict === "unknown").length;
  const common = {
    model: model.name,
    keys: { checked: objects.length, invalid: violations.length, unknown },
    operations,
    violations: violations.slice(0, maxViolations),
    violationCount: violations.length,
  };
  const [first] = violations;
  if (first !== undefined) {
    const skipped = verdicts.filter((verdict) => verdict === notSearched).length;
    const others = [
      ...(violations.length > 1 ? [`and ${plural(violations.length - 1, "more object")}`] : []),
      ...(skipped > 0 ? [`${plural(skipped, "object")} not searched after that`] : []),
    ];
    const more = others.length > 0 ? ` (${others.join("; ")})` : "";
    return {
      verdict: "invalid",
      summary: `${named(first.key)} is not linearizable${more}: ${first.sentence}`,
      ...common,
    };
  }
  for (const [place, verdict] of verdicts.entries()) {
    if (verdict.verdict !== "unknown") continue;
    const cause = { code: verdict.code, reached: verdict.reached, remedy: unknownRemedies[verdict.code] };
    const decided = `${objects.length - unknown} of ${plural(objects.length, "object")} decided`;
    const summary = `${decided}; ${named(objects[place]!.name)} is not (${verdict.code}): ${verdict.reached}`;
    return { verdict: "unknown", summary, cause, ...common };
  }
  if (!objects.some((object) => observesAnything(model, object))) return { ...nothingTested, ...common };
  const summary = `${plural(operations, "operation")} on ${plural(objects.length, "object")} are linearizable (${model.name})`;
  return { verdict: "valid", summary, ...common };
}

/** The answer about a history that shows nothing. */
export const nothingTested = {
  verdict: "unknown",
  summary: "nothing was tested: no answered operation shows what the object held",
  cause: {
    code: "nothing-tested",
    reached: "no answered operation shows what the object held",
    remedy: "check that clients reach the cluster, and that the workload reads what it writes",
  },
} as const;

/** Whether any answer tells what the object held. */
export function observesAnything(model: Model, { operations }: ObjectHistory): boolean {
  const observes = (operation: ObjectHistory["operations"][number]): boolean =>
    model.observes?.(operation) ?? model.isPure(operation);
  return operations.some((operation) => operation.ret !== Number.POSITIVE_INFINITY && observes(operation));
}

function named(key: string): string {
  return key === "" ? "the object" : `key ${JSON.stringify(key)}`;
}

function firstIndex({ operations }: SearchViolation): number {
  return operations[0]?.index ?? 0;
}
