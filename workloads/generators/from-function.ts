import type { HistoryEvent, Operation } from "../../history/event.ts";
import { type Context, type Generator, pending, type Step } from "./generator.ts";

/** The plain way to write a workload: a function that gives the next operation, and keeps its own state. */
export interface OperationSource {
  /**
   * The next operation for a process that is free. Null: there is nothing more for anybody; "pending": nothing for this
   * process at the moment.
   */
  next(process: number): Operation | "pending" | null;
  /** Hears of every client event when it is recorded, in order, so that later operations may depend on answers. */
  hear?(event: HistoryEvent): void;
}

/**
 * A source of operations as a generator. What the source gave is kept for that thread until it is taken, so that no
 * operation is lost when an offer is passed over.
 */
export function fromFunction(source: OperationSource): Generator {
  return holding(source, new Map());
}

function holding(source: OperationSource, held: Map<number, Operation>): Generator {
  const generator: Generator = {
    next: (context) => firstFor(source, held, context),
    hear: (event) => {
      source.hear?.(event);
      return generator;
    },
  };
  return generator;
}

function firstFor(source: OperationSource, held: Map<number, Operation>, context: Context): Step | null {
  for (const process of context.free) {
    const thread = process % context.concurrency;
    const operation = held.get(thread) ?? source.next(process);
    if (operation === null) return held.size > 0 ? pending : null;
    if (operation === "pending") continue;
    held.set(thread, operation);
    return { type: "offer", operation, process, atNs: context.timeNs, rest: holding(source, without(held, thread)) };
  }
  return pending;
}

function without(held: ReadonlyMap<number, Operation>, thread: number): Map<number, Operation> {
  return held.size === 1 ? new Map() : new Map([...held].filter(([other]) => other !== thread));
}
