import type { HistoryEvent } from "../history/event.ts";
import type { Checker, CheckerResult, HistorySource } from "./checker.ts";
import { models } from "./models/registry.ts";
import type { UnknownCause } from "./register/check-key.ts";
import { registerFrom } from "./register.ts";
import type { RegisterResult, Violation } from "./results.ts";
import { type ObjectVerdict, unknownRemedies } from "./search/check-object.ts";
import { type ObjectHistory, objectsOf } from "./search/collect.ts";
import type { SearchBudget } from "./search/decide.ts";
import { checkAll, defaultSearchBudget, nothingTested, observesAnything } from "./search/linearizable.ts";
import type { SearchViolation } from "./search/result.ts";
import { worstVerdict } from "./verdict.ts";

/** `checkers.cas-register`. */
export interface CasRegisterResult extends Omit<RegisterResult, "violations"> {
  readonly violations: readonly (Violation | SearchViolation)[];
  /** Keys that the exact check left open, and that were searched. */
  readonly searched: number;
}

/** What is done about keys that the exact check leaves open. */
interface Search {
  readonly initial: unknown;
  /** What the exact check says of a key that is searched. */
  readonly causes: readonly UnknownCause[];
  readonly budget: SearchBudget;
}

/** Registers whose values may repeat: each key is judged exactly where that is possible, and by search elsewhere. */
export function casRegisterFrom(initial: unknown): Checker<CasRegisterResult> {
  const causes = ["values-repeat", "refused-cas", "counterexample-too-large"] as const;
  return searching("cas-register", { initial, causes, budget: defaultSearchBudget });
}

export const casRegisterChecker = casRegisterFrom(null);

/** Registers whose values are written once: what the exact check leaves open even so is searched, and that is not much. */
export const uniqueRegisterChecker = searching("register", {
  initial: null,
  causes: ["refused-cas", "counterexample-too-large"],
  budget: { ...defaultSearchBudget, nodes: 5_000_000, timeMs: 10_000 },
});

function searching(name: string, search: Search): Checker<CasRegisterResult> {
  const registers = registerFrom(search.initial);
  return {
    name,
    check: (history: HistorySource) => {
      const exact = registers.check(history);
      return exact.keys.unknown === 0 ? { ...exact, searched: 0 } : searchOpenKeys(history, exact, search);
    },
  };
}

function searchOpenKeys(
  history: HistorySource,
  exact: RegisterResult,
  { initial, causes, budget }: Search,
): CasRegisterResult {
  const model = models["cas-register"].create({ initial });
  const objects = objectsOf(history, model);
  const open = objects.filter((object) => {
    const { cause } = registerFrom(initial).check(eventsOf(object));
    return causes.some((code) => code === cause?.code);
  });
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

/** The events of one key alone, as they were recorded. */
function eventsOf({ operations }: ObjectHistory): HistoryEvent[] {
  const events = operations.flatMap(({ pair }) => [pair.invocation, ...(pair.completion ? [pair.completion] : [])]);
  return events.sort((a, b) => a.index - b.index);
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
