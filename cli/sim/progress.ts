import type { CampaignTotals, SeedDone, SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { type StatusLine, type StatusOutput, statusLine } from "../status-line.ts";

export interface CampaignProgress extends Pick<StatusLine, "say" | "close"> {
  done(seed: SeedDone, soFar: CampaignTotals): void;
}

/** One line about how far it is; a line for each run that was not valid. */
export function campaignProgress(
  { first, last }: SeedRange,
  output: StatusOutput,
  nowMs: () => number,
): CampaignProgress {
  const status = statusLine(output, nowMs);
  const beganMs = nowMs();
  let failed = 0;
  return {
    done: ({ seed, trial: { verdict, summary } }, { done, operations, virtualMs }) => {
      if (verdict === "invalid") failed++;
      if (verdict !== "valid") status.say(`${verdict === "invalid" ? "✗" : "?"} seed ${seed}: ${summary}`);
      status.update(() => {
        const speed = Math.round(virtualMs / (nowMs() - beganMs));
        return `${done} of ${last - first + 1} seeds, ${failed} failed, ${operations} operations, ${speed} virtual seconds a second`;
      });
    },
    say: status.say,
    close: status.close,
  };
}
