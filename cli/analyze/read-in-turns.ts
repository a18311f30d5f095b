import { setImmediate as nextTurn } from "node:timers/promises";
import type { HearProgress } from "../../analysis/progress.ts";

/** What hears of an analysis while it goes on, and may end it. */
export interface AnalysisControls {
  /** Prints a line that stays. */
  readonly say: (line: string) => void;
  readonly hear: HearProgress;
  readonly signal: AbortSignal;
}

const stage = "reading the history";
const eventsPerTurn = 10_000;

/** Goes through events until their end, or until the signal aborts, with turns in between for keys, signals and timers. */
export async function readInTurns(
  events: Iterator<unknown>,
  { hear, signal }: Pick<AnalysisControls, "hear" | "signal">,
): Promise<void> {
  hear({ stage, events: 0 });
  for (let read = 0; !signal.aborted && events.next().done !== true; ) {
    read++;
    if (read % eventsPerTurn !== 0) continue;
    hear({ stage, events: read });
    await nextTurn();
  }
  events.return?.();
}
