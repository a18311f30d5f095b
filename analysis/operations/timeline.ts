import type { HistoryEvent } from "../../history/event.ts";
import type { HistorySource } from "../checker.ts";
import { readingOf } from "../reading/read.ts";
import { operationForm } from "./build-table.ts";
import { none, type OperationTable } from "./operation-table.ts";

/**
 * What a report draws of a history: when operations began and ended, and what the harness recorded. Its columns are
 * shared memory, so that the thread that judged a history hands them to another without a copy.
 */
export interface Timeline {
  /** A row an operation, in the order of invocations. */
  readonly invokedNs: Float64Array;
  /** When the completion was recorded, whatever its outcome; Infinity without one. */
  readonly endedNs: Float64Array;
  /** A value of `outcomes`. */
  readonly outcome: Uint8Array;
  /** How often operations ended with which error. */
  readonly errors: Readonly<Record<string, number>>;
  readonly annotations: readonly HistoryEvent[];
  /** The time of the last event. */
  readonly endNs: number;
  /** What stopped the reading, if anything did; the rest is what comes before. */
  readonly damage: Error | null;
}

export function timelineOf(history: HistorySource): Timeline {
  const { held: table, damage } = readingOf(history, operationForm);
  const { count, invokedAtNs, completedAtNs, outcome, annotations, lastTime } = table;
  return {
    invokedNs: invokedAtNs.subarray(0, count),
    endedNs: completedAtNs.subarray(0, count),
    outcome: outcome.subarray(0, count),
    errors: countErrors(table),
    annotations,
    endNs: lastTime,
    damage,
  };
}

/** How many operations ended with which error. */
export function countErrors(table: OperationTable): Record<string, number> {
  const counts = new Map<number, number>();
  for (const error of table.error.subarray(0, table.count)) {
    if (error !== none) counts.set(error, (counts.get(error) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].map(([error, count]) => [table.words.text(error), count]));
}
