import type { Checker, HistorySource } from "./checker.ts";
import { casRegisterFrom } from "./checkers/cas-register.ts";
import { setChecker } from "./checkers/set.ts";
import { type ChosenModel, isTransactionModel, modelCheckerName, type TransactionModelName } from "./chosen-model.ts";
import { models } from "./models/registry.ts";
import { objectOperations } from "./objects/operations.ts";
import { linearizable } from "./search/linearizable.ts";
import { listAppend, type TransactionOptions } from "./transactions/list-append.ts";
import { rwRegister } from "./transactions/rw-register.ts";

/**
 * The checker that compares a history with a model: exactly and fast where there is a way, by search elsewhere. Of a
 * run it says `unknown` when nothing was answered; for a history from elsewhere the question is whether an order
 * exists, and then it does.
 */
export function modelChecker(model: ChosenModel, imported = false): Checker {
  const { name, options } = model;
  if (isTransactionModel(name)) return transactionCheckers[name]({ ...model, initial: options.initial ?? null });
  const { timeMs, ...terms } = model.search ?? {};
  const searched = linearizable(models[name].create(options), {
    ...terms,
    ...(timeMs === undefined ? {} : { budget: { timeMs } }),
  });
  const search = imported ? trivialIsValid(searched) : searched;
  const exact = exactCheckers[name]?.(options.initial ?? null) ?? null;
  if (exact === null) return search;
  const nilIsUnknown = options.nilReads === "unknown";
  return {
    name: modelCheckerName(model),
    ...(exact.checker.forms && { forms: exact.checker.forms }),
    check: (history) => {
      const told = nilIsUnknown ? withoutNilReads(history) : history;
      const result = exact.knows(told) ? exact.checker.check(told) : null;
      const leaves = result === null || left.includes(result.cause?.code ?? "");
      return leaves ? search.check(history) : result;
    },
  };
}

const transactionCheckers: Readonly<Record<TransactionModelName, (options: TransactionOptions) => Checker>> = {
  "list-append": listAppend,
  "rw-register": rwRegister,
};

/** Why exact checks leave a history to the search, which asks less of its values, and answers when nothing was seen. */
const left = ["unsupported-operation", "values-repeat", "nothing-tested"];

/** The search says that nothing was tested only when it has an order for every object. */
function trivialIsValid({ check, ...checker }: Checker): Checker {
  return {
    ...checker,
    check: (history) => {
      const { cause, ...result } = check(history);
      if (cause?.code !== "nothing-tested") return cause === undefined ? result : { ...result, cause };
      return { ...result, verdict: "valid", summary: `linearizable, but trivially so: ${cause.reached}` };
    },
  };
}

/** Exact checks take a read of null for absence; one that says nothing is to them one whose answer is not known. */
function withoutNilReads(history: HistorySource): HistorySource {
  return {
    *[Symbol.iterator]() {
      for (const event of history) {
        const saysNothing = event.type === "ok" && event.f === "read" && (event.value ?? null) === null;
        yield saysNothing ? { ...event, type: "info" as const } : event;
      }
    },
  };
}

interface ExactChecker {
  readonly checker: Checker;
  /** Whether it takes every operation of the history into account. */
  knows(history: HistorySource): boolean;
}

type ExactCheckerFrom = (initial: unknown) => ExactChecker | null;

/**
 * Registers whose values are written once, and sets that begin empty and only grow: decided however long the history
 * is. Null for an initial value that is beyond them.
 */
const registers: ExactCheckerFrom = (initial) =>
  typeof initial === "object" && initial !== null ? null : { checker: casRegisterFrom(initial), knows: () => true };
const growingSet: ExactChecker = {
  checker: setChecker,
  knows: (history) => objectOperations(history).every(({ f }) => f === "add" || f === "read"),
};
const exactCheckers: Readonly<Partial<Record<ChosenModel["name"], ExactCheckerFrom>>> = {
  register: registers,
  "cas-register": registers,
  set: (initial) => (initial === null ? growingSet : null),
};
