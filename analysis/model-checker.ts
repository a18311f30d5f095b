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
  const exact = isDefault(options) ? exactCheckers[name] : undefined;
  if (exact === undefined) return search;
  return {
    name: modelCheckerName(model),
    check: (history) => {
      const result = exact.knows(history) ? exact.checker.check(history) : null;
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

/** The exact checks take objects that begin empty, and reads of null for absence. */
function isDefault({ initial = null, nilReads = "absent" }: ChosenModel["options"]): boolean {
  return initial === null && nilReads === "absent";
}

interface ExactChecker {
  readonly checker: Checker;
  /** Whether it takes every operation of the history into account. */
  knows(history: HistorySource): boolean;
}

/** Registers whose values are written once, and sets that only grow: decided however long the history is. */
const registers: ExactChecker = { checker: casRegisterChecker, knows: () => true };
const exactCheckers: Readonly<Partial<Record<ChosenModel["name"], ExactChecker>>> = {
  register: registers,
  "cas-register": registers,
  set: {
    checker: setChecker,
    knows: (history) => objectOperations(history).every(({ f }) => f === "add" || f === "read"),
  },
};
