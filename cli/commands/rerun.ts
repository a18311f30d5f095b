import { makePlan, type Plan } from "../../controller/plan/plan.ts";
import { recordedOptions } from "../../controller/plan/recorded-options.ts";
import { OptionError } from "../../errors/errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Outcome, printOutcome } from "../outcome.ts";
import { runShown } from "../run-shown.ts";

interface RerunFlags {
  readonly untilFails?: number;
  readonly store: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `keelhaul rerun`: the test of a stored run again, once or until it fails. */
export async function runRerunCommand(folder: string, { untilFails, store, ...given }: RerunFlags): Promise<void> {
  const plan = makePlan({ ...(await recordedOptions(folder)), store }, 0);
  if (untilFails !== undefined && plan.backend.kind === "simulated") {
    throw new OptionError(["untilFails"], "a simulated run is the same each time; omit it");
  }
  const shown = { json: given.json === true, quiet: given.quiet === true };
  const outcome = await untilFailure(plan, untilFails ?? 1, shown);
  process.exitCode = exitCodes[outcome.results.verdict];
  printOutcome(outcome, shown.json, process.stdout);
}

/** The first run that is invalid, or was interrupted; otherwise the last one. */
async function untilFailure(plan: Plan, runs: number, shown: { json: boolean; quiet: boolean }): Promise<Outcome> {
  for (let run = 1; ; run++) {
    const outcome = await runShown(plan, shown);
    const { verdict, inconclusive = [] } = outcome.results;
    const interrupted = inconclusive.some(({ code }) => code === "interrupted");
    if (verdict === "invalid" || interrupted || run === runs) return outcome;
    if (!shown.quiet) process.stderr.write(`run ${run} of at most ${runs}: ${outcome.results.summary}\n`);
  }
}
