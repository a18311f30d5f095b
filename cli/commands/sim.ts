import type { SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { drawOptions } from "../../controller/batch/campaign/draw.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { withEnabling, withoutEnabling } from "../../controller/plan/enabling.ts";
import { makePlan, type Plan } from "../../controller/plan/plan.ts";
import { OptionError } from "../../errors/errors.ts";
import { requireStore } from "../../store/run-folder.ts";
import { exitCodes } from "../exit-codes.ts";
import { printCampaign } from "../sim/outcome.ts";
import { runCampaignShown } from "../sim/run-campaign-shown.ts";

interface SimFlags {
  readonly seeds: SeedRange;
  readonly threads: number;
  readonly shrinkRuns: number;
  readonly failFast?: true;
  readonly untailored?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly [option: string]: unknown;
}

/** `keelhaul sim`: many simulated runs, each with settings drawn from its seed. */
export async function runSimCommand(flags: SimFlags): Promise<void> {
  const beganMs = performance.now();
  const { seeds, threads, shrinkRuns, failFast, untailored, json, quiet, ...given } = flags;
  const basis = makePlan({ ...given, backend: "sim" }, 0);
  const optionsOf = optionsBySeed(given, basis, untailored === true);
  await requireStore(basis.store);
  const pool = new TrialPool(threads);
  const run = (options: TrialOptions) => pool.run(options);
  try {
    const campaign = { seeds, optionsOf, run, threads, failFast: failFast === true };
    const outcome = await runCampaignShown(campaign, shrinkRuns, quiet === true);
    const seconds = (performance.now() - beganMs) / 1000;
    process.exitCode = exitCodes[outcome.result.verdict];
    printCampaign({ seeds, ...outcome, seconds }, json === true, process.stdout);
  } finally {
    await pool.close();
  }
}

/** Refuses, before anything is run, what no seed could be run with. */
function optionsBySeed(
  given: TrialOptions,
  { system, mutant }: Plan,
  untailored: boolean,
): (seed: number) => TrialOptions {
  if (system.simulated === undefined) throw new OptionError(["system"], `${system.name} cannot be simulated`);
  const named = { name: "sim", ...given };
  if (mutant === undefined) return (seed) => drawOptions(seed, named, system);
  if (!untailored) return (seed) => drawOptions(seed, withEnabling(named, mutant), system);
  return (seed) => withoutEnabling(drawOptions(seed, named, system), mutant);
}
