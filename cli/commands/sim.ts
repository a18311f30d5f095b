import { join } from "node:path";
import {
  type CampaignOptions,
  type CampaignResult,
  runCampaign,
  type SeedRange,
} from "../../controller/batch/campaign/campaign.ts";
import { drawOptions } from "../../controller/batch/campaign/draw.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { withEnabling, withoutEnabling } from "../../controller/plan/enabling.ts";
import { makePlan, type Plan } from "../../controller/plan/plan.ts";
import { readScheduleFile } from "../../controller/plan/schedule/file.ts";
import { messageOf, OptionError } from "../../errors/errors.ts";
import { runFiles } from "../../history/test-record.ts";
import { requireStore } from "../../store/run-folder.ts";
import { wallClock } from "../../time/clock.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import type { Outcome } from "../outcome.ts";
import { runQuietly } from "../run-and-report.ts";
import { type CampaignOutcome, printCampaign } from "../sim/outcome.ts";
import { campaignProgress } from "../sim/progress.ts";
import { type ShrinkAndReport, shrinkAndReport } from "../sim/shrink-and-report.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";

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
    const outcome = await runShown(campaign, shrinkRuns, quiet === true);
    const seconds = (performance.now() - beganMs) / 1000;
    process.exitCode = exitCodes[outcome.result.verdict];
    printCampaign({ seeds, ...outcome, seconds }, json === true, process.stdout);
  } finally {
    await pool.close();
  }
}

type Campaign = Omit<CampaignOptions, "signal" | "tell">;

/** The campaign, with its progress shown until it is over. */
async function runShown(
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

type Kept = Pick<CampaignOutcome, "first" | "shrunk" | "warnings">;
const nothingKept: Kept = { first: null, shrunk: null, warnings: [] };

type Keeping = Omit<ShrinkAndReport, "store">;

/**
 * Carries the failing run of the lowest seed out once more, in a folder and with a report, and makes it smaller. What goes
 * wrong then is a warning: the campaign has its outcome.
 */
async function keepFirst({ failures: [failing] }: CampaignResult, keeping: Keeping): Promise<Kept> {
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
