import type { HistoryEvent } from "../history/event.ts";
import type { CheckerResult } from "./checker-result.ts";
import type { Form } from "./reading/form.ts";

export type { Cause, CheckerResult } from "./checker-result.ts";

/** What a checker may spend. One that runs out says `unknown`, never `valid`. */
export interface CheckerBudget {
  readonly timeMs: number;
  readonly memoryMb: number;
}

/** A history as checkers read it: events in file order, as often as they like. */
export type HistorySource = Iterable<HistoryEvent>;

/** A function of a history. Pure: no clock, no randomness, no IO but the events it is given. */
export interface Checker<Result extends CheckerResult = CheckerResult> {
  readonly name: string;
  /** The forms of the history that it asks for. One that is not named here costs another pass over the file. */
  readonly forms?: readonly Form<unknown>[];
  check(history: HistorySource): Result;
}
