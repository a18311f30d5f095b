import type { AvailabilityBudgets } from "./availability-budgets.ts";
import type { Checker } from "./checker.ts";
import type { CheckerName } from "./checker-names.ts";
import { appendListChecker } from "./checkers/append-list.ts";
import { availabilityChecker, availabilityWith } from "./checkers/availability.ts";
import { type BankTerms, bankChecker, bankWith } from "./checkers/bank.ts";
import { casRegisterChecker } from "./checkers/cas-register.ts";
import { causalReverseChecker } from "./checkers/causal-reverse.ts";
import { counterChecker } from "./checkers/counter.ts";
import { crashesChecker } from "./checkers/crashes.ts";
import { fifoChecker } from "./checkers/fifo.ts";
import { g2Checker } from "./checkers/g2.ts";
import { invariantsChecker } from "./checkers/invariants.ts";
import { kafkaChecker } from "./checkers/kafka.ts";
import { leadersChecker } from "./checkers/leaders.ts";
import { linearizableCheckers } from "./checkers/linearizable.ts";
import { loadChecker } from "./checkers/load.ts";
import { lockChecker } from "./checkers/lock.ts";
import { longForkChecker } from "./checkers/long-fork.ts";
import { monotonicChecker } from "./checkers/monotonic.ts";
import { pnCounterChecker } from "./checkers/pn-counter.ts";
import { queueChecker } from "./checkers/queue.ts";
import { registerChecker } from "./checkers/register.ts";
import { sequentialChecker } from "./checkers/sequential.ts";
import { setChecker, setFullChecker } from "./checkers/set.ts";
import { stalenessChecker } from "./checkers/staleness.ts";
import { statisticsChecker } from "./checkers/statistics.ts";
import { uniqueIdsChecker } from "./checkers/unique-ids.ts";
import { upsertChecker } from "./checkers/upsert.ts";
import { listAppend } from "./transactions/list-append.ts";
import type { ModelName } from "./transactions/model-table.ts";
import { rwRegister } from "./transactions/rw-register.ts";

/**
 * Every checker by its name, which is also its name in `results.json`. To add one is to add a file, a line here and one
 * in `checker-names.ts`.
 */
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
  kafka: kafkaChecker,
  "causal-reverse": causalReverseChecker,
  g2: g2Checker,
  upsert: upsertChecker,
  "pn-counter": pnCounterChecker,
  staleness: stalenessChecker,
  statistics: statisticsChecker,
  availability: availabilityChecker,
  crashes: crashesChecker,
  leaders: leadersChecker,
  invariants: invariantsChecker,
  load: loadChecker,
  "list-append": listAppend(),
  "rw-register": rwRegister(),
} as const satisfies Readonly<Record<CheckerName, Checker>>;

/** What a plan asks of the checkers that leave it a choice. */
export interface CheckerTerms {
  readonly budgets?: AvailabilityBudgets;
  /** Operations that change nothing, by their names; `read` when left out. */
  readonly reads?: readonly string[];
  /** What transactions have to be; strict-serializable when left out. */
  readonly consistency?: readonly ModelName[];
  /** What is known of a bank that is not the workload's own. */
  readonly bank?: BankTerms;
}

const withTerms: Readonly<Partial<Record<CheckerName, (terms: CheckerTerms) => Checker>>> = {
  availability: ({ budgets = {}, reads }) => availabilityWith(budgets, reads),
  bank: ({ bank }) => bankWith(bank),
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
