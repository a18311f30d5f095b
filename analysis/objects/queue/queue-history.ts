import { elementsIn } from "../../../history/set-value.ts";
import { type Element, elementsOf, encode } from "../elements.ts";
import type { Judgement } from "../judgement.ts";
import { byKey, type ObjectOperation } from "../operations.ts";

/** One item coming out of a queue. */
export interface Taken {
  readonly op: ObjectOperation;
  readonly name: string;
  /** Its place in what a drain took out; 0 for a dequeue. */
  readonly place: number;
}

/** The operations on one queue. Items go by their encodings. */
export interface QueueHistory {
  readonly items: ReadonlyMap<string, Element>;
  /** In the order of the operations' invocations. */
  readonly taken: readonly Taken[];
  /** Dequeues that were told that the queue is empty, and drains, which end when they are told so. */
  readonly empties: readonly ObjectOperation[];
  /** Dequeues and drains of unknown outcome: each dequeue may have taken an item that nobody heard of. */
  readonly unheard: readonly ObjectOperation[];
  /** Items that one of those would have taken, as its client could tell. It took nothing else. */
  readonly suspected: ReadonlySet<string>;
  readonly operations: number;
}

const takes = ["dequeue", "drain"];

/**
 * A queue: `enqueue` (value: the item), `dequeue` (ok value: an item; null: empty), `drain` (ok value: the list of
 * items taken until it was empty). Null where a drain was answered with something that is no list; undefined where
 * nothing was enqueued.
 */
export function queueHistory(operations: readonly ObjectOperation[]): QueueHistory | null | undefined {
  const puts = operations.filter(({ f }) => f === "enqueue");
  if (puts.length === 0) return undefined;
  const all = operations.filter(({ f }) => takes.includes(f));
  const answered = all.filter(({ outcome }) => outcome === "ok");
  if (answered.some(({ f, answer }) => f === "drain" && elementsIn(answer ?? []) === null)) return null;
  return {
    items: elementsOf(puts),
    taken: answered.flatMap((op) => itemsIn(op.f, op.answer).map((item, place) => ({ op, name: encode(item), place }))),
    empties: answered.filter(({ f, answer }) => f === "drain" || (answer ?? null) === null),
    unheard: all.filter(({ outcome }) => outcome === "info"),
    suspected: new Set(all.filter(namesItems).flatMap(({ f, tentative }) => itemsIn(f, tentative).map(encode))),
    operations: puts.length + all.length,
  };
}

function itemsIn(f: string, answer: unknown): readonly unknown[] {
  if (f === "drain") return elementsIn(answer) ?? [];
  return (answer ?? null) === null ? [] : [answer];
}

/** Whether an operation of unknown outcome says what it would have taken. */
export function namesItems({ f, tentative }: ObjectOperation): boolean {
  return f === "drain" ? elementsIn(tentative) !== null : tentative !== null;
}

/** The queues among the objects of a history, by key; counts what is judged, and leaves open what makes no sense. */
export function* queuesOf(
  operations: readonly ObjectOperation[],
  judgement: Judgement,
): Generator<readonly [key: string, queue: QueueHistory]> {
  for (const [key, ofKey] of byKey(operations)) {
    const queue = queueHistory(ofKey);
    if (queue === undefined) continue;
    if (queue === null) {
      judgement.tested(key, ofKey.length, 1);
      judgement.unknown(noQueue);
      continue;
    }
    judgement.tested(key, queue.operations, queue.taken.length + queue.empties.length);
    yield [key, queue];
  }
}

/** Said of queues that gave no answer. */
export const noAnswers = {
  untested: "no queue that clients enqueued into was read",
  remedy: "check that clients reach the cluster, and that the workload takes out what it puts in",
} as const;

const noQueue = {
  code: "unsupported-operation",
  reached: "a drain was answered with something that is no list",
  remedy: "let drains answer the list of items that they took",
} as const;
