import { availableParallelism } from "node:os";
import { join } from "node:path";
import { usualBudgetRuns } from "../../controller/batch/shrink/budget.ts";
import { failureOf } from "../../controller/batch/trials/failure.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { readScheduleFile } from "../../controller/plan/schedule/file.ts";
import { runFiles } from "../../history/test-record.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { type SeedSearch, searchSeed } from "../mutants/search-seed.ts";
import { type Outcome, printInterruptedSearch, printOutcome } from "../outcome.ts";
import { runShown } from "../run-shown.ts";
import { shrinkAndReport } from "../sim/shrink-and-report.ts";
import { drawSeed, readTestOptions, type TestFlags, type TestRequest } from "../test-options.ts";

/** `keelhaul test`: one run, judged and reported. */
export async function runTestCommand(flags: TestFlags): Promise<void> {
  const request = await readTestOptions(flags, drawSeed());
  const { plan: drawn, options, shrink, json, quiet } = request;
  const search = await searchIfOpen(request);
  if (search?.interrupted) {
    process.exitCode = exitCodes.unknown;
    printInterruptedSearch(search.tried, drawn.mutant!, json, process.stdout);
    return;
  }
  // A mutant that no seed detects is shown by the first one.
  const plan = search === null ? drawn : makePlan({ ...options, seed: search.seed ?? 1 }, 0);
  const outcome = { ...(await runShown(plan, { json, quiet })), ...(search && { seedsTried: search.tried }) };
  process.exitCode = exitCodes[outcome.results.verdict];
  printOutcome(outcome, json, process.stdout);
  if (shrink) await shrinkOutcome(outcome, plan.store);
}

/** Simulated runs are short, and few mutants show in each: where no seed is asked for, one that detects it is looked for. */
async function searchIfOpen(request: TestRequest): Promise<SeedSearch | null> {
  const { plan, options, mutantSeeds, json, quiet } = request;
  if (plan.mutant === undefined || !request.seedIsOpen) return null;
  return searchSeed({ mutant: plan.mutant, options, seeds: mutantSeeds ?? usualMutantSeeds, quiet: quiet || json });
}

/** As many as `keelhaul mutants` tries. */
const usualMutantSeeds = 200;

/** Tells on stderr how far it is, and what came of it: stdout ends with the outcome. */
async function shrinkOutcome({ results, folder }: Outcome, store: string): Promise<void> {
  const failure = failureOf(results);
  if (failure === null) return;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const threads = availableParallelism();
  const pool = new TrialPool(threads);
  const run = (options: TrialOptions) => pool.run(options);
  try {
    const from = await readScheduleFile(join(folder, runFiles.schedule));
    const shrunk = await interruptible(stopping, say, ({ signal }) =>
      shrinkAndReport(from, failure, { run, threads, budgetRuns: usualBudgetRuns, signal, store, say }),
    );
    for (const line of shrunk?.lines ?? ["no smaller run was found that fails in this way"]) say(line);
  } finally {
    await pool.close();
  }
}
