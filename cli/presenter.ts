import type { Tell } from "../controller/run/progress.ts";

/** Shows the progress of a run to whoever waits for it. */
export interface Presenter {
  /** Whether it shows the verdict so far. */
  readonly watched: boolean;
  readonly tell: Tell;
  /** Leaves the terminal as it was. Safe to call twice. */
  close(): Promise<void>;
}
