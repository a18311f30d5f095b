import { type CampaignOptions, runCampaign } from "../../controller/batch/campaign/campaign.ts";
import { wallClock } from "../../time/clock.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import { type Kept, keepFirst, nothingKept } from "./keep-first.ts";
import type { CampaignOutcome } from "./outcome.ts";
import { campaignProgress } from "./progress.ts";

type Campaign = Omit<CampaignOptions, "signal" | "tell">;

/** The campaign, with its progress shown until it is over, and its first failing run kept and made smaller. */
export async function runCampaignShown(
  campaign: Campaign,
  budgetRuns: number,
  quiet: boolean,
): Promise<Kept & Pick<CampaignOutcome, "result">> {
  const clock = wallClock();
  using status = statusLine(progressOutput(quiet), clock, "q stops and prints the results so far");
  return await interruptible(stopping, status.say, async ({ signal, interrupt }) => {
    using _keys = stopKeys(quiet, interrupt);
    const { seeds, run, threads } = campaign;
    const result = await runCampaign({ ...campaign, signal, tell: campaignProgress(seeds, status, clock) });
    const keeping = { run, threads, budgetRuns, signal, say: status.say };
    return { result, ...(signal.aborted ? nothingKept : await keepFirst(result, keeping)) };
  });
}
