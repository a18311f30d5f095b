import type { HistoryEvent } from "../../history/event.ts";
import type { CheckerResult } from "../checker.ts";

/**
 * A checker that judges a history while it grows, in bounded memory. What it calls invalid stays so: a violation in the
 * first part of a history is one in all of it.
 */
export interface OnlineChecker {
  readonly name: string;
  /** Takes the events of a history in order, each once. */
  feed(event: HistoryEvent): void;
  /** Operations without an answer count as unknown. */
  verdictSoFar(): CheckerResult;
  /** The verdict when the history is over. */
  finish(): CheckerResult;
}
