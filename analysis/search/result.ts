import type { CheckerResult } from "../checker-result.ts";
import type { OperationView, Violation } from "../results.ts";

/** What the checkers `linearizable-MODEL` answer. */
export interface LinearizabilityResult extends CheckerResult {
  /** The model that the history was compared with. */
  readonly model: string;
  /** Independent objects, such as the keys of registers. */
  readonly keys: { readonly checked: number; readonly invalid: number; readonly unknown: number };
  /** Client operations that took part in the check. */
  readonly operations: number;
  /** At most 20, the smallest first; `violationCount` counts one an object. */
  readonly violations: readonly SearchViolation[];
  readonly violationCount: number;
}

/** Why the operations on one object have no order. */
export interface SearchViolation {
  readonly kind: "not-linearizable";
  readonly key: string;
  readonly sentence: string;
  /** Operations that contradict each other, whatever all others did; in the order of their invocations. */
  readonly operations: readonly OperationView[];
  /** Orders that time forces among them; `before` and `after` are operation indexes. */
  readonly orders: Violation["orders"];
  /** How far orders go; left out where no search was needed. */
  readonly prefix?: LongestPrefix;
}

/** The longest beginning of a history that can be ordered, and what stops there. */
export interface LongestPrefix {
  /** Operations that had ended by then, and until when. */
  readonly completed: number;
  readonly untilNs: number;
  /** The operation that cannot be placed before it returns. */
  readonly next: OperationView;
  /** Ways in which orders end there: at most 16. */
  readonly ends: readonly {
    readonly state: string;
    /** Operations under way that are not placed yet (by index), and why each cannot come next. */
    readonly waiting: readonly { readonly operation: number; readonly why: string }[];
  }[];
}
