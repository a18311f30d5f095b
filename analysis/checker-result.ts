import type { Verdict } from "./verdict.ts";

/** What every checker answers. A checker adds its own fields; all of it is JSON and lands in `results.json`. */
export interface CheckerResult {
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly summary: string;
  readonly cause?: Cause;
  /** A measure that accuses nobody, but found what a reader must not take for all being well. */
  readonly attention?: true;
  /** What the reader must know beside the verdict. */
  readonly warnings?: readonly string[];
}

/** Why a verdict is `unknown`: a stable code, how far the checker or the run got, and what to do about it. */
export interface Cause {
  readonly code: string;
  readonly reached: string;
  readonly remedy: string;
}
