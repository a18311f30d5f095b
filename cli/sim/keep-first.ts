import { join } from "node:path";
import type { CampaignResult } from "../../controller/batch/campaign/campaign.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { readScheduleFile } from "../../controller/plan/schedule/file.ts";
import { messageOf } from "../../errors/errors.ts";
import { runFiles } from "../../history/test-record.ts";
import type { Outcome } from "../outcome.ts";
import { runQuietly } from "../run-and-report.ts";
import type { CampaignOutcome } from "./outcome.ts";
import { type ShrinkAndReport, shrinkAndReport } from "./shrink-and-report.ts";

export type Kept = Pick<CampaignOutcome, "first" | "shrunk" | "warnings">;
export const nothingKept: Kept = { first: null, shrunk: null, warnings: [] };

export type Keeping = Omit<ShrinkAndReport, "store">;

/**
 * Carries the failing run of the lowest seed out once more, in a folder and with a report, and makes it smaller. What goes
 * wrong then is a warning: the campaign has its outcome.
 */
export async function keepFirst({ failures: [failing] }: CampaignResult, keeping: Keeping): Promise<Kept> {
  if (failing === undefined) return nothingKept;
  const warnings: string[] = [];
  const warn = (what: string) => (cause: unknown) => {
    warnings.push(`${what}: ${messageOf(cause)}`);
    return null;
  };
  const plan = makePlan(failing.options, failing.seed);
  const first = await runQuietly(plan, keeping).catch(warn(`the run of seed ${failing.seed} was not kept`));
  const { failure } = failing.trial;
  if (keeping.budgetRuns === 0 || failure === null || first === null) return { first, shrunk: null, warnings };
  const shrunk = await shrinkKept(first, failure, { ...keeping, store: plan.store }).catch(
    warn(`the run of seed ${failing.seed} was not made smaller`),
  );
  return { first, shrunk, warnings };
}

async function shrinkKept({ folder }: Outcome, failure: string, shrinking: ShrinkAndReport) {
  return shrinkAndReport(await readScheduleFile(join(folder, runFiles.schedule)), failure, shrinking);
}
