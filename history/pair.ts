import type { HistoryEvent } from "./event.ts";
import { OpenOperations } from "./validator.ts";

/** A client's operation: its invocation, and its completion unless the history ends before it. */
export interface OperationPair {
  readonly invocation: HistoryEvent;
  readonly completion: HistoryEvent | null;
}

/**
 * The client operations of a history in the order of their invocations. Throws HistoryError on two open invocations of
 * a process and on a completion without an invocation.
 */
export function pairOperations(events: Iterable<HistoryEvent>, name = "history"): OperationPair[] {
  const open = new OpenOperations(name);
  const pairs: { invocation: HistoryEvent; completion: HistoryEvent | null }[] = [];
  let line = 0;
  for (const event of events) {
    line++;
    if (typeof event.process !== "number") continue;
    if (event.type === "invoke") {
      open.invoke(event.process, pairs.length, line);
      pairs.push({ invocation: event, completion: null });
    } else {
      const pair = pairs[open.complete(event.process, line)];
      if (pair !== undefined) pair.completion = event;
    }
  }
  return pairs;
}
