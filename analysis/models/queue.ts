import { show } from "../words.ts";
import {
  family,
  type Impossible,
  illegal,
  type Model,
  type ModelOperation,
  neverPutIn,
  same,
  type TimedOperation,
  unknownFunction,
} from "./model.ts";

const functions = ["enqueue", "dequeue"];

/** A queue that gives out the oldest element; a dequeue of null found it empty. */
export const fifoQueueModel = family("fifo-queue", "a queue, first in first out: enqueue, dequeue", ({ initial }) => ({
  ...common("fifo-queue", initial),
  step: (state: readonly unknown[], { f, asked, value, outcome }: ModelOperation) => {
    if (f === "enqueue") return [...state, asked];
    if (outcome === "info") return state.slice(1);
    return same(state[0] ?? null, value) ? state.slice(1) : illegal;
  },
  whyNot: (state: readonly unknown[], { value }: ModelOperation) =>
    `needs ${value === null ? "an empty queue" : show(value)}, first in the queue is ${show(state[0])}`,
}));

/** A queue that gives out any of its elements. */
export const unorderedQueueModel = family(
  "unordered-queue",
  "a queue that keeps no order: enqueue, dequeue",
  ({ initial }) => ({
    ...common("unordered-queue", initial),
    step: (state: readonly unknown[], { f, asked, value }: ModelOperation) => {
      if (f === "enqueue") return sorted([...state, asked]);
      if (value === null) return state.length === 0 ? state : illegal;
      const at = state.findIndex((element) => same(element, value));
      return at < 0 ? illegal : state.filter((_, place) => place !== at);
    },
    guesses: (operation: ModelOperation, all: readonly ModelOperation[]) => guesses(operation, all, initial),
    whyNot: (state: readonly unknown[], { value }: ModelOperation) =>
      value === null
        ? `needs an empty queue, ${describe(state)}`
        : `needs ${show(value)} in the queue, ${describe(state)}`,
  }),
);

function common(name: string, initial: unknown): Omit<Model<readonly unknown[]>, "step" | "whyNot"> {
  const init = (initial ?? []) as readonly unknown[];
  return {
    name,
    init,
    isPure: ({ f, value, outcome }) => f === "dequeue" && value === null && outcome === "ok",
    observes: ({ f }) => f === "dequeue",
    objection: (operation) =>
      unknownFunction(operation, functions) ??
      (operation.f === "enqueue" && operation.asked === null ? "null stands for an empty queue" : null),
    impossible: (operations) => neverEnqueued(operations, init) ?? tooOften(operations, init),
    describeState: describe,
    tell: ({ f, asked, value }) =>
      f === "enqueue"
        ? `enqueued ${show(asked)}`
        : value === null
          ? "found the queue empty"
          : `dequeued ${show(value)}`,
  };
}

/** An unanswered dequeue took some element, or none. */
function guesses(
  operation: ModelOperation,
  all: readonly ModelOperation[],
  initial: unknown,
): readonly ModelOperation[] {
  if (operation.f !== "dequeue") return [operation];
  const put = [...((initial ?? []) as unknown[]), ...all.filter(({ f }) => f === "enqueue").map(({ asked }) => asked)];
  return [...new Map(put.map((value) => [JSON.stringify(value), value])).values()].map((value) => ({
    ...operation,
    value,
  }));
}

function enqueued({ f, asked }: ModelOperation): unknown[] {
  return f === "enqueue" ? [asked] : [];
}

function dequeued({ f, value, outcome }: ModelOperation): unknown[] {
  return f === "dequeue" && outcome === "ok" && value !== null ? [value] : [];
}

function neverEnqueued(operations: readonly TimedOperation[], init: readonly unknown[]): Impossible | null {
  const fresh = (operation: TimedOperation): unknown[] =>
    dequeued(operation).filter((value) => !init.some((known) => same(known, value)));
  return neverPutIn(operations, null, enqueued, fresh, "enqueued");
}

function tooOften(operations: readonly TimedOperation[], init: readonly unknown[]): Impossible | null {
  const left = new Map<string, number>();
  const add = (value: unknown, change: number): number => {
    const text = JSON.stringify(value);
    left.set(text, (left.get(text) ?? 0) + change);
    return left.get(text)!;
  };
  for (const value of [...init, ...operations.flatMap(enqueued)]) add(value, 1);
  for (const [place, operation] of operations.entries()) {
    for (const value of dequeued(operation)) {
      if (add(value, -1) >= 0) continue;
      const takers = operations.flatMap((other, at) => (dequeued(other).some((one) => same(one, value)) ? [at] : []));
      const others = takers.filter((at) => at !== place);
      return { operations: [place, ...others], why: `${show(value)} was dequeued more often than it was enqueued` };
    }
  }
  return null;
}

function sorted(elements: readonly unknown[]): unknown[] {
  return elements
    .map((element) => ({ element, text: JSON.stringify(element) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ element }) => element);
}

function describe(state: readonly unknown[]): string {
  const shown = state.slice(0, 8).map(show).join(", ");
  if (state.length === 0) return "the queue is empty";
  return `the queue holds ${shown}${state.length > 8 ? ` and ${state.length - 8} more` : ""}`;
}
