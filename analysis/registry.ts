import { appendListChecker } from "./append-list.ts";
import { availabilityChecker, availabilityWith } from "./availability.ts";
import type { AvailabilityBudgets } from "./availability-budgets.ts";
import { bankChecker } from "./bank.ts";
import { casRegisterChecker } from "./cas-register.ts";
import type { Checker } from "./checker.ts";
import { counterChecker } from "./counter.ts";
import { fifoChecker } from "./fifo.ts";
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
  "list-append": listAppend(),
  "rw-register": rwRegister(),
} as const satisfies Record<string, Checker>;
export type CheckerName = keyof typeof checkers;

/** A checker as a plan asks for it: with the plan's budgets, where it has any. */
export function checkerFor(name: CheckerName, budgets: AvailabilityBudgets = {}): Checker {
  return name === "availability" ? availabilityWith(budgets) : checkers[name];
}

/** What judges a history that no plan comes with: its keys are taken for registers. */
export const withoutPlan: readonly CheckerName[] = ["register", "statistics", "availability"];
