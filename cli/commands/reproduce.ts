import { readResults } from "../../analysis/read-results.ts";
import type { SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { failingBy, simulated } from "../../controller/batch/reproduce/simulated.ts";
import { failureOf } from "../../controller/batch/trials/failure.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { recordedOptions } from "../../controller/plan/recorded-options.ts";
import { UsageError } from "../../errors/errors.ts";
import { requireStore } from "../../store/run-folder.ts";
import { exitCodes } from "../exit-codes.ts";
import { printReproduction } from "../reproduce/outcome.ts";
import { runCampaignShown } from "../sim/run-campaign-shown.ts";

interface ReproduceFlags {
  readonly seeds: SeedRange;
  readonly threads: number;
  readonly shrinkRuns: number;
  readonly store: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `keelhaul reproduce`: looks for a simulated run that fails as a stored one did, and makes it smaller. */
export async function runReproduceCommand(folder: string, flags: ReproduceFlags): Promise<void> {
  const beganMs = performance.now();
  const { seeds, threads, shrinkRuns, store, json, quiet } = flags;
  const failure = failureIn(folder);
  const recorded = { ...(await recordedOptions(folder)), store };
  const { optionsOf, leftOut, timeLimitMs } = simulated(recorded, isInvariant(failure));
  await requireStore(store);
  const pool = new TrialPool(threads);
  const run = async (options: TrialOptions) => failingBy(failure, await pool.run(options));
  try {
    const campaign = { seeds, optionsOf, run, threads, failFast: true };
    const outcome = await runCampaignShown(campaign, shrinkRuns, quiet === true);
    const seconds = (performance.now() - beganMs) / 1000;
    const found = outcome.result.failures.length > 0;
    process.exitCode = found ? exitCodes.invalid : exitCodes.unknown;
    printReproduction({ ...outcome, seeds, failure, leftOut, timeLimitMs, seconds }, json === true, process.stdout);
  } finally {
    await pool.close();
  }
}

function failureIn(folder: string): string {
  const results = readResults(folder);
  if (results === null) throw new UsageError(`${folder} has no results; run \`keelhaul analyze ${folder}\` first`);
  const failure = failureOf(results);
  if (failure !== null) return failure;
  throw new UsageError(
    `${folder} is ${results.verdict}; expected a run that failed, for only a failure can be reproduced`,
  );
}

/** Invariants are called by their numbers, checkers by their names. */
function isInvariant(failure: string): boolean {
  return /^I\d+$/.test(failure);
}
