import { join } from "node:path";
import { type CampaignResult, runCampaign, type SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { drawOptions } from "../../controller/batch/campaign/draw.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { withEnabling } from "../../controller/plan/enabling.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { readScheduleFile } from "../../controller/plan/schedule/file.ts";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { runFiles } from "../../history/test-record.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import type { Outcome } from "../outcome.ts";
import { runQuietly } from "../run-and-report.ts";
import { type CampaignOutcome, printCampaign } from "../sim/outcome.ts";
import { campaignProgress } from "../sim/progress.ts";
import { type ShrinkAndReport, shrinkAndReport } from "../sim/shrink-and-report.ts";
import { progressOutput } from "../status-line.ts";

interface SimFlags {
  readonly seeds: SeedRange;
  readonly threads: number;
  readonly shrinkRuns: number;
  readonly failFast?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly [option: string]: unknown;
}

/** `keelhaul sim`: many simulated runs, each with settings drawn from its seed. */
export async function runSimCommand(flags: SimFlags): Promise<void> {
  const beganMs = performance.now();
  const { seeds, threads, shrinkRuns, failFast, json, quiet, ...given } = flags;
  const optionsOf = optionsBySeed(given);
  const progress = campaignProgress(seeds, progressOutput(quiet === true), () => performance.now());
  const pool = new TrialPool(threads);
  const run = (options: TrialOptions) => pool.run(options);
  try {
    const outcome = await interruptible(stopping, progress.say, async ({ signal }) => {
      const tell = progress.done;
      const result = await runCampaign({ seeds, optionsOf, run, threads, failFast: failFast === true, signal, tell });
      const kept = signal.aborted
        ? nothingKept
        : await keepFirst(result, { run, threads, budgetRuns: shrinkRuns, signal, say: progress.say });
      return { seeds, result, ...kept, seconds: (performance.now() - beganMs) / 1000 };
    });
    progress.close();
    process.exitCode = exitCodes[outcome.result.verdict];
    printCampaign(outcome, json === true, process.stdout);
  } finally {
    await pool.close();
  }
}

/** Refuses, before anything is run, what no seed could be run with. */
function optionsBySeed(given: TrialOptions): (seed: number) => TrialOptions {
  const { system, mutant } = makePlan({ ...given, backend: "sim" }, 0);
  if (system.simulated === undefined) throw new UsageError(`--system: ${system.name} cannot be simulated`);
  const fixed = mutant === undefined ? given : withEnabling(given, mutant);
  return (seed) => drawOptions(seed, { name: "sim", ...fixed }, system);
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
