import type { Tell } from "../controller/run/progress.ts";

/** Shows the progress of a run; disposing of it leaves the terminal as it was. */
export interface Presenter extends Disposable {
  /** Whether it shows the verdict so far. */
  readonly watched: boolean;
  readonly tell: Tell;
}
