import type { HearProgress } from "../../analysis/progress.ts";
import { formatDurationMs } from "../../controller/plan/duration.ts";
import { type Clock, nowMs } from "../../time/clock.ts";
import type { StatusLine } from "../status-line.ts";

/** Shows the stage of an analysis, the events read in it and the time since it all began. */
export function analysisProgress(status: StatusLine, clock: Clock): HearProgress {
  const beganMs = nowMs(clock);
  return ({ stage, events }) => {
    const line = (): string => {
      const read = events === 0 ? "" : `, ${events.toLocaleString("en")} events read`;
      return `${stage}${read}, ${formatDurationMs(nowMs(clock) - beganMs)}`;
    };
    if (events === 0) status.begin(line);
    else status.update(line);
  };
}
