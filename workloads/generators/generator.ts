import type { HistoryEvent, Operation } from "../../history/event.ts";

/**
 * Says which operation comes next, for which process, and when. A generator is a value, as in Jepsen: asking it changes
 * nothing, and the same generator gives the same answer in the same context. What is offered carries the generator that
 * goes on after it, so an offer that is not taken is simply forgotten. Randomness comes from a seeded stream and is
 * drawn once a generator, when it is first asked.
 */
export interface Generator {
  /** What to do now. Null: nothing more, ever. */
  next(context: Context): Step | null;
  /** Hears of every client event when it is recorded, in order; answers the generator as it is from then on. */
  hear(event: HistoryEvent, context: Context): Generator;
}

/** The state of the load that a generator is asked in. */
export interface Context {
  /** Since the load began. */
  readonly timeNs: number;
  /** Processes that have nothing under way, the one to prefer first. */
  readonly free: readonly number[];
  /** Whom this generator may use. A thread is a client: process p belongs to thread p modulo concurrency. */
  readonly threads: readonly number[];
  readonly concurrency: number;
}

export type Step = Offer | Pending;

/** An operation for a free process. Not due before `atNs`; a time in the past is when it should have been invoked. */
export interface Offer {
  readonly type: "offer";
  readonly operation: Operation;
  readonly process: number;
  readonly atNs: number;
  /** What follows when the offer is taken. */
  readonly rest: Generator;
}

/** Nothing for the moment: ask again after the next event, or at `untilNs` if that comes first. */
export interface Pending {
  readonly type: "pending";
  readonly untilNs: number;
}

/** Until something happens: a completion makes a process free, or changes the generator's mind. */
export const pending: Pending = { type: "pending", untilNs: Number.POSITIVE_INFINITY };

/** The same step with another generator to follow it. */
export function withRest(step: Step | null, rest: (inner: Generator) => Generator): Step | null {
  return step?.type === "offer" ? { ...step, rest: rest(step.rest) } : step;
}

/** Ignores what it hears. */
export function deaf(next: Generator["next"]): Generator {
  const generator: Generator = { next, hear: () => generator };
  return generator;
}

/** A generator that has nothing to do. */
export const nothing: Generator = deaf(() => null);
