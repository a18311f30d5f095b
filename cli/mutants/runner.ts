import { scriptBeside } from "../../analysis/script-beside.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import { ThreadPool } from "../../controller/batch/trials/thread-pool.ts";
import { type Judged, type TrialOptions, trialOf } from "../../controller/batch/trials/trial.ts";
import { makePlan, type Plan } from "../../controller/plan/plan.ts";
import type { Interruption } from "../interrupt.ts";
import { runQuietly } from "../run-and-report.ts";

/** How the runs of a matrix are carried out, and kept. */
export interface Runner {
  /** How many runs are under way at once. */
  readonly threads: number;
  run(options: TrialOptions): Promise<Judged>;
  /** The report of a run that was carried out; null where it could not be written. */
  report(options: TrialOptions): Promise<string | null>;
  /** Stops what is under way. */
  close(): Promise<void>;
}

/** A run that takes longer to be carried out again, with its folder and report, hangs. */
const reportLimitMs = 600_000;

/** The runner for a plan's backend. */
export function runnerFor({ backend }: Plan, threads: number, stop: Pick<Interruption, "signal" | "hurry">): Runner {
  return backend.kind === "simulated" ? simulatedRunner(threads) : machineRunner(stop);
}

/** In virtual time, in threads: in memory, and once more with a folder for the report. */
function simulatedRunner(threads: number): Runner {
  const trials = new TrialPool(threads);
  const reports = new ThreadPool<TrialOptions, string | null>(threads, scriptBeside(import.meta.url, "report-worker"));
  return {
    threads,
    run: (options) => trials.run(options),
    report: (options) => reports.run(options, reportLimitMs),
    close: async () => void (await Promise.all([trials.close(), reports.close()])),
  };
}

/** On machines, one run after another, each with its folder. An abort heals the present one and stops its nodes. */
function machineRunner(stop: Pick<Interruption, "signal" | "hurry">): Runner {
  const reports = new Map<string, string | null>();
  let underWay: Promise<unknown> = Promise.resolve();
  const run = async (options: TrialOptions): Promise<Judged> => {
    const { results, report, seconds } = await runQuietly(makePlan(options, 0), stop);
    reports.set(JSON.stringify(options), report);
    return trialOf(results, seconds, seconds * 1000);
  };
  return {
    threads: 1,
    run: (options) => {
      const judged = run(options);
      underWay = judged.catch(() => undefined);
      return judged;
    },
    report: async (options) => reports.get(JSON.stringify(options)) ?? null,
    close: async () => void (await underWay),
  };
}
