import { type MatrixLine, verdictOn } from "../../controller/batch/mutants/line.ts";
import { tryMutants } from "../../controller/batch/mutants/matrix.ts";
import { makePlan, noMutant, type Plan } from "../../controller/plan/plan.ts";
import { OptionError } from "../../errors/errors.ts";
import { createFolder } from "../../store/run-folder.ts";
import type { SystemMutant } from "../../sut/mutant.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, wallClock } from "../../time/clock.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { reportsOf } from "../mutants/evidence.ts";
import { printMatrix } from "../mutants/outcome.ts";
import { type MatrixResult, writePages } from "../mutants/pages.ts";
import { matrixProgress, newsOf } from "../mutants/progress.ts";
import { type Runner, runnerFor } from "../mutants/runner.ts";
import { progressOutput, type StatusLine, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import { pageOrWarning } from "../write-report.ts";

interface MutantsFlags {
  readonly only?: string;
  readonly backend: string;
  readonly seeds: number;
  readonly controlSeeds: number;
  readonly threads: number;
  readonly timeLimit: string;
  readonly rate: string;
  readonly store: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `keelhaul mutants`: whether tests detect it, for each way in which the store can be wrong. */
export async function runMutants(flags: MutantsFlags): Promise<void> {
  const beganMs = performance.now();
  const { backend, timeLimit, rate, store } = flags;
  const plan = makePlan({ backend, timeLimit, rate, store }, 0);
  const mutants = chosen(plan.system, flags.only);
  const folder = await createFolder(store, "mutants", new Date());
  const outcome = await matrixShown(plan, mutants, flags);
  const page = { system: plan.system.name, backend, command: commandOf(flags), interrupted: outcome.interrupted };
  const report = await pageOrWarning(() => writePages(folder, { ...page, ...outcome }));
  const seconds = (performance.now() - beganMs) / 1000;
  process.exitCode = exitCodes[verdictOn(outcome.lines)];
  printMatrix({ ...outcome, report, seconds }, flags.json === true, process.stdout);
}

/** The matrix and the reports that it links to, with the progress shown until both are complete. */
async function matrixShown(
  plan: Plan,
  mutants: readonly SystemMutant[],
  flags: MutantsFlags,
): Promise<Pick<MatrixResult, "lines" | "reports" | "interrupted">> {
  const clock = wallClock();
  const quiet = flags.quiet === true;
  using status = statusLine(progressOutput(quiet), clock, "q stops and prints the results so far");
  const says = { ...stopping, first: "stopping, and reporting what was found so far" };
  return await interruptible(says, status.say, async ({ signal, hurry, interrupt }) => {
    using _keys = stopKeys(quiet, interrupt);
    const runner = runnerFor(plan, flags.threads, { signal, hurry });
    try {
      const hasInvariants = plan.checkers.includes("invariants");
      const lines = await matrixOf(mutants, flags, { hasInvariants, runner, signal, status, clock });
      return { lines, reports: await reportsOf(lines, { runner, signal, status }), interrupted: signal.aborted };
    } finally {
      await runner.close();
    }
  });
}

interface Doing {
  readonly hasInvariants: boolean;
  readonly runner: Runner;
  readonly signal: AbortSignal;
  readonly status: StatusLine;
  readonly clock: Clock;
}

function matrixOf(
  mutants: readonly SystemMutant[],
  { seeds, controlSeeds, backend, timeLimit, rate, store }: MutantsFlags,
  { hasInvariants, runner, signal, status, clock }: Doing,
): Promise<readonly MatrixLine[]> {
  const progressLine = matrixProgress(clock);
  return tryMutants({
    ...{ mutants, seeds, controlSeeds, hasInvariants, signal },
    common: { backend, timeLimit, rate, store },
    run: runner.run,
    threads: runner.threads,
    tell: (soFar, completed) => {
      for (const news of newsOf(completed)) status.say(news);
      status.update(progressLine(soFar));
    },
  });
}

function chosen({ name: system, mutants = [] }: System, only: string | undefined): readonly SystemMutant[] {
  if (only === undefined) return mutants;
  return only.split(",").map((id) => {
    const found = mutants.find((mutant) => mutant.id === id.trim());
    if (found) return found;
    throw new OptionError(["only"], noMutant(id, system, mutants));
  });
}

/** The command that fills the same matrix again. */
function commandOf({ backend, seeds, controlSeeds, timeLimit, rate, only }: MutantsFlags): string {
  const options = {
    backend,
    seeds,
    "control-seeds": controlSeeds,
    "time-limit": timeLimit,
    rate,
    ...(only && { only }),
  };
  return `npx keelhaul mutants ${Object.entries(options)
    .map(([option, value]) => `--${option} ${value}`)
    .join(" ")}`;
}
