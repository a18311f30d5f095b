import { type MatrixLine, verdictOn } from "../../controller/batch/mutants/line.ts";
import { tryMutants } from "../../controller/batch/mutants/matrix.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { UsageError } from "../../errors/errors.ts";
import { createFolder } from "../../store/run-folder.ts";
import type { SystemMutant } from "../../sut/system.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { reportsOf } from "../mutants/evidence.ts";
import { printMatrix } from "../mutants/outcome.ts";
import { writePages } from "../mutants/pages.ts";
import { newsOf, progressLine } from "../mutants/progress.ts";
import { type Runner, runnerFor } from "../mutants/runner.ts";
import { progressOutput, type StatusLine, statusLine } from "../status-line.ts";

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

/** `keelhaul mutants`: whether tests would notice, for each way in which the store can be wrong. */
export async function runMutants(flags: MutantsFlags): Promise<void> {
  const beganMs = performance.now();
  const { backend, timeLimit, rate, store, threads } = flags;
  const plan = makePlan({ backend, timeLimit, rate, store }, 0);
  const mutants = chosen(plan.system.mutants ?? [], flags.only);
  const status = statusLine(progressOutput(flags.quiet === true), () => performance.now());
  const says = { ...stopping, first: "stopping, and reporting what was found so far" };
  const outcome = await interruptible(says, status.say, async ({ signal, hurry }) => {
    const runner = runnerFor(plan, threads, { signal, hurry });
    try {
      const lines = await matrixOf(mutants, flags, {
        hasInvariants: plan.checkers.includes("invariants"),
        runner,
        signal,
        status,
      });
      return { lines, reports: await reportsOf(lines, { runner, signal, status }), interrupted: signal.aborted };
    } finally {
      await runner.close();
    }
  });
  status.close();
  const folder = await createFolder(store, "mutants", new Date());
  const page = { system: plan.system.name, backend, command: commandOf(flags), interrupted: outcome.interrupted };
  const report = await writePages(folder, { ...page, ...outcome });
  const seconds = (performance.now() - beganMs) / 1000;
  process.exitCode = exitCodes[verdictOn(outcome.lines)];
  printMatrix({ ...outcome, report, seconds }, flags.json === true, process.stdout);
}

interface Doing {
  readonly hasInvariants: boolean;
  readonly runner: Runner;
  readonly signal: AbortSignal;
  readonly status: StatusLine;
}

function matrixOf(
  mutants: readonly SystemMutant[],
  { seeds, controlSeeds, backend, timeLimit, rate, store }: MutantsFlags,
  { hasInvariants, runner, signal, status }: Doing,
): Promise<readonly MatrixLine[]> {
  return tryMutants({
    ...{ mutants, seeds, controlSeeds, hasInvariants, signal },
    common: { backend, timeLimit, rate, store },
    run: runner.run,
    threads: runner.threads,
    tell: (soFar, completed) => {
      for (const news of newsOf(completed)) status.say(news);
      status.update(() => progressLine(soFar));
    },
  });
}

function chosen(mutants: readonly SystemMutant[], only: string | undefined): readonly SystemMutant[] {
  if (only === undefined) return mutants;
  return only.split(",").map((id) => {
    const found = mutants.find((mutant) => mutant.id === id.trim());
    if (found) return found;
    throw new UsageError(`--only: got ${JSON.stringify(id)}; expected some of ${mutants.map((m) => m.id).join(", ")}`);
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
