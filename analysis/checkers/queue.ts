import type { Checker } from "../checker.ts";
import { type Element, encode } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural, show } from "../objects/phrases.ts";
import { namesItems, noAnswers, type QueueHistory, queuesOf, type Taken } from "../objects/queue/queue-history.ts";
import { tellFuture, tellLost, tellRepeated, tellStray } from "../objects/queue/tell.ts";

/** `checkers.queue`. Items are counted as often as they went in or came out. */
export interface QueueResult extends ObjectResult {
  readonly items: {
    readonly attempted: number;
    readonly acknowledged: number;
    readonly dequeued: number;
    /** Came out though putting them in was never acknowledged. */
    readonly recovered: number;
    /** Acknowledged, and never came out as far as is known. */
    readonly missing: number;
  };
  /** Dequeues of unknown outcome, each of which may have taken a missing item. */
  readonly unheardDequeues: number;
}

/** Whether what goes into queues comes out once each, in any order. See `queueHistory` for the operations. */
export const queueChecker: Checker<QueueResult> = {
  name: "queue",
  forms: [objectForm],
  check: (history) => checkQueues(objectOperations(history)),
};

function checkQueues(operations: readonly ObjectOperation[]): QueueResult {
  const judgement = new Judgement();
  const items = { attempted: 0, acknowledged: 0, dequeued: 0, recovered: 0, missing: 0 };
  let unheardDequeues = 0;
  for (const [key, queue] of queuesOf(operations, judgement)) {
    unheardDequeues += queue.unheard.length;
    const counts = checkQueue(judgement, key, queue);
    for (const name of Object.keys(items) as (keyof typeof items)[]) items[name] += counts[name];
  }
  const concluded = judgement.conclude({
    valid:
      items.missing === 0
        ? `all of ${plural(items.acknowledged, "acknowledged item")} came out, once each`
        : `of ${plural(items.acknowledged, "acknowledged item")} all came out once each, but ${items.missing} that went with a dequeue of unknown outcome`,
    ...noAnswers,
  });
  return { ...concluded, items, unheardDequeues };
}

function checkQueue(judgement: Judgement, key: string, queue: QueueHistory): QueueResult["items"] {
  const taken = Map.groupBy(queue.taken, ({ name }) => name);
  for (const [name, takings] of taken) judgeTakings(judgement, key, queue.items.get(name), takings);
  const missing = [...queue.items].flatMap(([name, item]) =>
    Array.from({ length: Math.max(0, item.acks - (taken.get(name)?.length ?? 0)) }, () => item),
  );
  judgeMissing(judgement, key, queue, missing);
  const sum = (count: (item: Element, out: number) => number): number =>
    [...queue.items].reduce((total, [name, item]) => total + count(item, taken.get(name)?.length ?? 0), 0);
  return {
    attempted: sum(({ attempts }) => attempts),
    acknowledged: sum(({ acks }) => acks),
    dequeued: queue.taken.length,
    recovered: sum(({ attempts, acks }, out) => Math.max(0, Math.min(out, attempts) - acks)),
    missing: missing.length,
  };
}

function judgeTakings(judgement: Judgement, key: string, item: Element | undefined, takings: readonly Taken[]): void {
  const [first] = takings;
  if (first === undefined) return;
  if (item?.first == null) {
    tellStray(judgement, key, first, item?.failed ?? null);
    return;
  }
  const early = takings.find(({ op }) => op.ret < (item.first?.inv ?? 0));
  if (early !== undefined) tellFuture(judgement, key, early, item.first);
  if (takings.length > item.attempts) tellRepeated(judgement, key, takings, item);
}

/**
 * Missing items are lost for certain only when the queue was found empty after all were in, and only as far as
 * dequeues that nobody heard of cannot have taken them. One that says what it would have taken took nothing else.
 */
function judgeMissing(judgement: Judgement, key: string, queue: QueueHistory, missing: readonly Element[]): void {
  const unheard = queue.unheard.filter((op) => !namesItems(op));
  const unexplained = missing.filter(({ value }) => !queue.suspected.has(encode(value)));
  const [first] = unexplained;
  if (first === undefined) return;
  const reached = `${plural(unexplained.length, "acknowledged item")} did not come out, such as ${show(first.value)}`;
  const lastPut = [...queue.items.values()].reduce((last, { lastAck }) => Math.max(last, lastAck), 0);
  const emptied = queue.empties.find(({ inv }) => inv > lastPut);
  if (emptied === undefined) {
    judgement.unknown({ code: "not-drained", reached, remedy: "let the workload end with emptying every queue" });
    return;
  }
  const drains = unheard.some(({ f }) => f === "drain");
  const certain = drains ? 0 : unexplained.length - unheard.length;
  if (certain > 0) {
    tellLost(judgement, key, unexplained, emptied, certain);
    return;
  }
  const remedy = `${plural(unheard.length, "dequeue")} of unknown outcome may have taken them; repeat with fewer timeouts`;
  judgement.unknown({ code: "unheard-dequeues", reached, remedy });
}
