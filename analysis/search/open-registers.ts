import type { Checker, CheckerResult, HistorySource } from "../checker.ts";
import { models } from "../models/registry.ts";
import type { UnknownCause } from "../register/check-key.ts";
import { type JudgedRegisters, judgeRegisters } from "../register/judge.ts";
import type { RegisterResult, Violation } from "../results.ts";
import { worstVerdict } from "../verdict.ts";
import { type ObjectVerdict, unknownRemedies } from "./check-object.ts";
import { type ObjectHistory, objectsOf } from "./collect.ts";
import type { SearchBudget } from "./decide.ts";
import { checkAll, nothingTested, observesAnything } from "./linearizable.ts";
import type { SearchViolation } from "./result.ts";

/** `checkers.register` and `checkers.cas-register`. */
export interface SearchedRegisterResult extends Omit<RegisterResult, "violations"> {
  readonly violations: readonly (Violation | SearchViolation)[];
  /** Keys that the exact check left open, and that were searched. */
  readonly searched: number;
}

/** What is done about keys that the exact check leaves open. */
export interface OpenKeySearch {
  /** What every register holds at first: a scalar, or absent (null). */
  readonly initial: unknown;
  /** What the exact check says of a key that is searched. */
  readonly causes: readonly UnknownCause[];
  readonly budget: SearchBudget;
}

/** Judges each register exactly where that is possible, and by search where that may help. */
export function exactThenSearched(name: string, search: OpenKeySearch): Checker<SearchedRegisterResult> {
  return {
    name,
    check: (history: HistorySource) => {
      const judged = judgeRegisters(history, search.initial);
      const { result } = judged;
      return result.keys.unknown === 0 ? { ...result, searched: 0 } : searchOpenKeys(history, judged, search);
    },
  };
}

function searchOpenKeys(
  history: HistorySource,
  { result: exact, open: causeOf }: JudgedRegisters,
  { initial, causes, budget }: OpenKeySearch,
): SearchedRegisterResult {
  const model = models["cas-register"].create({ initial });
  const isSearched = (key: string): boolean => causes.some((cause) => cause === causeOf.get(key));
  const objects = [...causeOf.keys()].some(isSearched) ? objectsOf(history, model) : [];
  const open = objects.filter(({ name }) => isSearched(name));
  const verdicts = checkAll(model, open, budget, () => performance.now());
  const found = verdicts.flatMap((verdict) => (verdict.verdict === "invalid" ? [verdict.violation] : []));
  const stillOpen = verdicts.filter(({ verdict }) => verdict === "unknown").length;
  const keys = {
    checked: exact.keys.checked,
    invalid: exact.keys.invalid + found.length,
    unknown: exact.keys.unknown - open.length + stillOpen,
  };
  const { cause: _, ...rest } = exact;
  return {
    ...rest,
    keys,
    violations: [...exact.violations, ...found],
    violationCount: keys.invalid,
    searched: open.length,
    ...(keys.unknown > 0 || objects.some((object) => observesAnything(model, object))
      ? conclusion(exact, open, verdicts, keys.unknown)
      : nothingTested),
  };
}

function conclusion(
  exact: RegisterResult,
  open: readonly ObjectHistory[],
  verdicts: readonly ObjectVerdict[],
  unknown: number,
): CheckerResult {
  const verdict = worstVerdict([
    exact.verdict === "unknown" && unknown === 0 ? "valid" : exact.verdict,
    ...verdicts.map((one) => one.verdict),
  ]);
  if (exact.verdict === "invalid") return { verdict, summary: exact.summary };
  for (const one of verdicts) {
    if (one.verdict !== "invalid") continue;
    const { key, sentence } = one.violation;
    return { verdict, summary: `key ${JSON.stringify(key)} is not linearizable: ${sentence}` };
  }
  for (const [place, one] of verdicts.entries()) {
    if (one.verdict !== "unknown") continue;
    const cause = { code: one.code, reached: one.reached, remedy: unknownRemedies[one.code] };
    const summary = `key ${JSON.stringify(open[place]!.name)} was not decided (${one.code}): ${one.reached}`;
    return { verdict, summary, cause };
  }
  if (verdict === "unknown") {
    return { verdict, summary: exact.summary, ...(exact.cause === undefined ? {} : { cause: exact.cause }) };
  }
  const { keys, operations } = exact;
  return {
    verdict,
    summary: `${operations} operations on ${keys.checked} keys are linearizable (${open.length} by search)`,
  };
}
