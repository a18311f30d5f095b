import type { Checker } from "../checker.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural, show } from "../objects/phrases.ts";
import { type Item, itemsOf, longestStaying, overtaken } from "../objects/queue/order.ts";
import { noAnswers, type QueueHistory, queuesOf } from "../objects/queue/queue-history.ts";
import { took } from "../objects/queue/tell.ts";

/** `checkers.fifo`. */
export interface FifoResult extends ObjectResult {
  /** Items that came out and whose order was judged. */
  readonly ordered: number;
}

/**
 * Whether items come out of queues in the order in which they went in, and queues are empty only when they are. Items
 * must be distinct. See `queueHistory` for the operations; that items come out at all is for `queue` to judge.
 */
export const fifoChecker: Checker<FifoResult> = {
  name: "fifo",
  forms: [objectForm],
  check: (history) => checkQueues(objectOperations(history)),
};

function checkQueues(operations: readonly ObjectOperation[]): FifoResult {
  const judgement = new Judgement();
  let ordered = 0;
  for (const [key, queue] of queuesOf(operations, judgement)) {
    if ([...queue.items.values()].some(({ attempts }) => attempts > 1)) judgement.unknown(itemsRepeat);
    const items = itemsOf(queue);
    ordered += items.filter(({ taken }) => taken !== null).length;
    judgeOrder(judgement, key, items);
    judgeEmpties(judgement, key, queue, items);
  }
  const concluded = judgement.conclude({
    valid: `${plural(ordered, "item")} came out in order`,
    ...noAnswers,
  });
  return { ...concluded, ordered };
}

const itemsRepeat = {
  code: "values-repeat",
  reached: "the order of items that were enqueued several times is ambiguous",
  remedy: "put every item into a queue only once",
} as const;

function judgeOrder(judgement: Judgement, key: string, items: readonly Item[]): void {
  for (const { late, early } of overtaken(items)) {
    const { taken } = late;
    if (taken === null) continue;
    const operations = [early.put, late.put, taken.op, ...(early.taken === null ? [] : [early.taken.op])];
    judgement.add({
      ...{ kind: "item-order", key, operations },
      sentence: (seconds) =>
        `${took(taken, seconds)}, but ${show(early.put.asked)} had been put in by ${seconds(early.put.completedAtNs)}, ` +
        `before ${show(late.put.asked)} from ${seconds(late.put.invokedAtNs)} on, and ${
          early.taken === null ? "never came out" : `came out after it, from ${seconds(early.taken.op.invokedAtNs)} on`
        }`,
    });
  }
}

/** An item was certainly in the queue from when it was acknowledged to when the operation that took it began. */
function judgeEmpties(judgement: Judgement, key: string, queue: QueueHistory, items: readonly Item[]): void {
  const stayedLongest = longestStaying(items);
  for (const empty of queue.empties) {
    const held = stayedLongest(empty.inv);
    if (held === null || held.goneFrom < empty.ret) continue;
    const { put, taken } = held;
    judgement.add({
      ...{ kind: "false-empty", key, operations: [put, empty, ...(taken === null ? [] : [taken.op])] },
      sentence: (seconds) =>
        `process ${empty.process} found the queue empty by ${seconds(empty.completedAtNs)}, but ` +
        `${show(put.asked)} had been put in by ${seconds(put.completedAtNs)} and ${
          taken === null ? "never came out" : `came out only from ${seconds(taken.op.invokedAtNs)} on`
        }`,
    });
  }
}
