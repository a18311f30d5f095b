import { casRegisterChecker } from "./cas-register.ts";
import type { Checker, HistorySource } from "./checker.ts";
import { type ChosenModel, isTransactionModel, modelCheckerName, type TransactionModelName } from "./chosen-model.ts";
import { models } from "./models/registry.ts";
import { objectOperations } from "./objects/operations.ts";
import { linearizable } from "./search/linearizable.ts";
import { setChecker } from "./set.ts";
import { listAppend } from "./transactions/list-append.ts";
import { rwRegister } from "./transactions/rw-register.ts";

/** The checker that compares a history with a model: exactly and fast where there is a way, by search elsewhere. */
export function modelChecker(model: ChosenModel): Checker {
  const { name, options } = model;
  if (isTransactionModel(name)) return transactionCheckers[name]();
  const search = linearizable(models[name].create(options));
  const exact = (options.initial ?? null) === null ? exactCheckers[name] : undefined;
  if (exact === undefined) return search;
  const nilIsUnknown = options.nilReads === "unknown";
  return {
    name: modelCheckerName(model),
    check: (history) => {
      const told = nilIsUnknown ? withoutNilReads(history) : history;
      const result = exact.knows(told) ? exact.checker.check(told) : null;
      const leaves = result === null || left.includes(result.cause?.code ?? "");
      return leaves ? search.check(history) : result;
    },
  };
}

const transactionCheckers: Readonly<Record<TransactionModelName, () => Checker>> = {
  "list-append": listAppend,
  "rw-register": rwRegister,
};

/** Why exact checks leave a history to the search, which asks less of its values. */
const left = ["unsupported-operation", "values-repeat"];

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

/** For objects that begin empty: registers whose values are written once, and sets that only grow: decided however long the history is. */
const registers: ExactChecker = { checker: casRegisterChecker, knows: () => true };
const exactCheckers: Readonly<Partial<Record<ChosenModel["name"], ExactChecker>>> = {
  register: registers,
  "cas-register": registers,
  set: {
    checker: setChecker,
    knows: (history) => objectOperations(history).every(({ f }) => f === "add" || f === "read"),
  },
};
