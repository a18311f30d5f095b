import { monitorQueue } from "../monitors/queue.ts";
import { show } from "../words.ts";
import { containerModel, describeContents, queueWords } from "./container.ts";
import { family, illegal, type ModelOperation, same } from "./model.ts";

/** A queue that gives out the oldest element; a dequeue of null found it empty. */
export const fifoQueueModel = family("fifo-queue", "a queue, first in first out: enqueue, dequeue", ({ initial }) => {
  const common = containerModel("fifo-queue", initial, queueWords);
  return {
    ...common,
    step: (state: readonly unknown[], { f, asked, value, outcome }: ModelOperation) => {
      if (f === "enqueue") return [...state, asked];
      if (outcome === "info") return state.slice(1);
      return same(state[0] ?? null, value) ? state.slice(1) : illegal;
    },
    monitor: (operations) => monitorQueue(operations, common.init, "fifo"),
    whyNot: (state: readonly unknown[], { value }: ModelOperation) =>
      `needs ${value === null ? "an empty queue" : show(value)}, first in the queue is ${show(state[0])}`,
  };
});

/** A queue that gives out any of its elements. */
export const unorderedQueueModel = family(
  "unordered-queue",
  "a queue that keeps no order: enqueue, dequeue",
  ({ initial }) => {
    const common = containerModel("unordered-queue", initial, queueWords);
    const describe = (state: readonly unknown[]): string => describeContents(state, queueWords.noun);
    return {
      ...common,
      step: (state: readonly unknown[], { f, asked, value }: ModelOperation) => {
        if (f === "enqueue") return sorted([...state, asked]);
        if (value === null) return state.length === 0 ? state : illegal;
        const at = state.findIndex((element) => same(element, value));
        return at < 0 ? illegal : state.filter((_, place) => place !== at);
      },
      guesses: (operation: ModelOperation, all: readonly ModelOperation[]) => guesses(operation, all, common.init),
      monitor: (operations) => monitorQueue(operations, common.init, "any"),
      whyNot: (state: readonly unknown[], { value }: ModelOperation) =>
        value === null
          ? `needs an empty queue, ${describe(state)}`
          : `needs ${show(value)} in the queue, ${describe(state)}`,
    };
  },
);

/** An unanswered dequeue took some element, or none. */
function guesses(
  operation: ModelOperation,
  all: readonly ModelOperation[],
  initial: readonly unknown[],
): readonly ModelOperation[] {
  if (operation.f !== "dequeue") return [operation];
  const put = [...initial, ...all.filter(({ f }) => f === "enqueue").map(({ asked }) => asked)];
  return [...new Map(put.map((value) => [JSON.stringify(value), value])).values()].map((value) => ({
    ...operation,
    value,
  }));
}

function sorted(elements: readonly unknown[]): unknown[] {
  return elements
    .map((element) => ({ element, text: JSON.stringify(element) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ element }) => element);
}
