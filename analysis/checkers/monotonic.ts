import type { Checker } from "../checker.ts";
import type { Observation } from "../objects/counter/counter-history.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { growingNumbers } from "../objects/numbers/observed-numbers.ts";
import { type OrderCycle, orderCycles } from "../objects/numbers/order-cycles.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural } from "../objects/phrases.ts";

/** `checkers.monotonic`. */
export interface MonotonicResult extends ObjectResult {
  /** Pairs of observations of one process, one after the other, that were compared. */
  readonly compared: number;
  /** The farthest that a number went back; 0: never. */
  readonly farthestBack: number;
}

/**
 * Numbers that only grow, one a key: `incr` or `add` (value: the amount, never below zero; ok value of incr: the new
 * number) and `read` (ok value: the number; null: 0). Whether any process ever saw one go back. What different
 * processes saw of one number is not compared. Answers may also be maps of several numbers, seen at one instant: then
 * all of them have to agree on the order in which the numbers grew. Source: `jepsen.tests.monotonic-cycle`.
 */
export const monotonicChecker: Checker<MonotonicResult> = {
  name: "monotonic",
  forms: [objectForm],
  check: (history) => checkNumbers(objectOperations(history)),
};

function checkNumbers(operations: readonly ObjectOperation[]): MonotonicResult {
  const judgement = new Judgement();
  const counts = { compared: 0, farthestBack: 0 };
  const { numbers, others } = growingNumbers(operations);
  for (const { key, operations: count } of others) {
    judgement.tested(key, count, 1);
    judgement.unknown(notGrowing);
  }
  for (const { name, observations } of numbers) {
    let compared = 0;
    for (const ofProcess of Map.groupBy(observations, ({ op }) => op.process).values()) {
      compared += ofProcess.length - 1;
      counts.farthestBack = Math.max(counts.farthestBack, judgeProcess(judgement, name, ofProcess));
    }
    counts.compared += compared;
    judgement.tested(name, observations.length, compared);
  }
  const { cycles, groups } = orderCycles(numbers);
  for (const [at, cycle] of cycles.entries()) tellCycle(judgement, cycle, at === 0 ? groups - cycles.length + 1 : 1);
  const concluded = judgement.conclude({
    valid: `no process saw a number go back, in ${plural(counts.compared, "comparison")}`,
    untested: "no process saw a growing number twice",
    remedy: "check that clients reach the cluster, and that each of them reads what is incremented",
  });
  return { ...concluded, ...counts };
}

const notGrowing = {
  code: "unsupported-operation",
  reached: "something that is no whole number from 0 to 2^53 was added to a number, or read of it",
  remedy: "give every key operations of one kind only, and let numbers only grow",
} as const;

/** How far the number went back at most. A process does one thing at a time, so its observations are in order. */
function judgeProcess(judgement: Judgement, key: string, observations: readonly Observation[]): number {
  let highest: Observation | null = null;
  let farthest = 0;
  for (const observation of observations) {
    const before = observation.value - observation.own;
    if (highest !== null && before < highest.value) {
      farthest = Math.max(farthest, highest.value - before);
      tellBack(judgement, key, highest, observation);
    }
    if (highest === null || observation.value > highest.value) highest = observation;
  }
  return farthest;
}

function tellBack(judgement: Judgement, key: string, highest: Observation, back: Observation): void {
  const { op, value, own } = back;
  const what = own === 0 ? String(value) : `${value} after adding ${own}`;
  judgement.add({
    ...{ kind: "number-back", key, operations: [highest.op, op] },
    sentence: (seconds) =>
      `${answered(op, seconds, what)}, which had already seen ${highest.value} at ` +
      `${seconds(highest.op.completedAtNs)}: ${highest.value - (value - own)} back`,
  });
}

function tellCycle(judgement: Judgement, cycle: OrderCycle, count: number): void {
  judgement.add({
    ...{ kind: "order-cycle", key: "", operations: cycle.map(({ op }) => op), count },
    sentence: (seconds) => {
      const steps = cycle.map(({ op, number, value, next }, at) => {
        const later = cycle[(at + 1) % cycle.length]!.op;
        return `${answered(op, seconds, `${value} for ${number}`)}, and process ${later.process} read ${next} for it`;
      });
      return `${steps.join("; ")}: no order of these fits all numbers`;
    },
  });
}
