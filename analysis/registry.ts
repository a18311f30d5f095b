import { appendListChecker } from "./append-list.ts";
import { availabilityChecker, availabilityWith } from "./availability.ts";
import type { AvailabilityBudgets } from "./availability-budgets.ts";
import { bankChecker } from "./bank.ts";
import { casRegisterChecker } from "./cas-register.ts";
import type { Checker } from "./checker.ts";
import { counterChecker } from "./counter.ts";
import { crashesChecker } from "./crashes.ts";
import { fifoChecker } from "./fifo.ts";
import { invariantsChecker } from "./invariants.ts";
import { leadersChecker } from "./leaders.ts";
import { linearizableCheckers } from "./linearizable.ts";
import { lockChecker } from "./lock.ts";
import { longForkChecker } from "./long-fork.ts";
import { monotonicChecker } from "./monotonic.ts";
import { queueChecker } from "./queue.ts";
import { registerChecker } from "./register.ts";
import { sequentialChecker } from "./sequential.ts";
import { setChecker, setFullChecker } from "./set.ts";
import { stalenessChecker } from "./staleness.ts";
import { statisticsChecker } from "./statistics.ts";
import { listAppend } from "./transactions/list-append.ts";
import type { ModelName } from "./transactions/models.ts";
import { rwRegister } from "./transactions/rw-register.ts";
import { uniqueIdsChecker } from "./unique-ids.ts";

/** Every checker by its name, which is also its name in `results.json`. To add one is to add a file and a line. */
export const checkers = {
  register: registerChecker,
  "cas-register": casRegisterChecker,
  sequential: sequentialChecker,
  ...linearizableCheckers,
  set: setChecker,
  "set-full": setFullChecker,
  "append-list": appendListChecker,
  counter: counterChecker,
  queue: queueChecker,
  fifo: fifoChecker,
  bank: bankChecker,
  "long-fork": longForkChecker,
  monotonic: monotonicChecker,
  "unique-ids": uniqueIdsChecker,
  lock: lockChecker,
  staleness: stalenessChecker,
  statistics: statisticsChecker,
  availability: availabilityChecker,
  crashes: crashesChecker,
  leaders: leadersChecker,
  invariants: invariantsChecker,
  "list-append": listAppend(),
  "rw-register": rwRegister(),
} as const satisfies Record<string, Checker>;
export type CheckerName = keyof typeof checkers;

/** What a plan asks of the checkers that leave it a choice. */
export interface CheckerTerms {
  readonly budgets?: AvailabilityBudgets;
  /** What transactions have to be; strict-serializable when left out. */
  readonly consistency?: ModelName;
}

const withTerms: Readonly<Partial<Record<CheckerName, (terms: CheckerTerms) => Checker>>> = {
  availability: ({ budgets = {} }) => availabilityWith(budgets),
  "list-append": listAppend,
  "rw-register": rwRegister,
};

/** A checker on a plan's terms. */
export function checkerFor(name: CheckerName, terms: CheckerTerms = {}): Checker {
  return withTerms[name]?.(terms) ?? checkers[name];
}

/** Whether one of the checkers judges by the consistency model of the terms. */
export function judgeConsistency(names: readonly string[]): boolean {
  return names.some((name) => name === "list-append" || name === "rw-register");
}

/** What judges a history that no plan comes with: its keys are taken for registers. */
export const withoutPlan: readonly CheckerName[] = ["register", "statistics", "availability"];
