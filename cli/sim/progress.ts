import { verdictMarks } from "../../analysis/verdict.ts";
import type { CampaignTotals, SeedDone, SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { type Clock, nowMs } from "../../time/clock.ts";
import type { StatusLine } from "../status-line.ts";
import { timeLeft } from "../time-left.ts";

/** Shows how far a campaign is, and prints a line for each run that was not valid. */
export function campaignProgress(
  { first, last }: SeedRange,
  status: StatusLine,
  clock: Clock,
): (seed: SeedDone, soFar: CampaignTotals) => void {
  const seeds = last - first + 1;
  const beganMs = nowMs(clock);
  let failed = 0;
  return ({ seed, trial: { verdict, summary } }, { done, operations, virtualMs }) => {
    if (verdict === "invalid") failed++;
    if (verdict !== "valid") status.say(`${verdictMarks[verdict]} seed ${seed}: ${summary}`);
    const doneMs = nowMs(clock);
    const speed = Math.round(virtualMs / Math.max(1, doneMs - beganMs));
    status.update(() => {
      const left = timeLeft({ done, left: seeds - done, beganMs, doneMs, nowMs: nowMs(clock) });
      return `${done} of ${seeds} seeds, ${failed} failed, ${left} left, ${operations} operations, ${speed} virtual seconds per second`;
    });
  };
}
