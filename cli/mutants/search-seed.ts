import { availableParallelism } from "node:os";
import { firstDetection } from "../../controller/batch/mutants/first-detection.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import type { SystemMutant } from "../../sut/mutant.ts";
import { wallClock } from "../../time/clock.ts";
import { interruptible, stopping } from "../interrupt.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";

/** What came of trying seeds for a mutant. */
export interface SeedSearch {
  /** The first seed that detects it; null where none of the tried ones does. */
  readonly seed: number | null;
  readonly tried: number;
  readonly interrupted: boolean;
}

export interface SeedSearchOptions {
  readonly mutant: SystemMutant;
  readonly options: TrialOptions;
  /** So many seeds at most. */
  readonly seeds: number;
  readonly quiet: boolean;
}

/** Looks for a simulated run that detects a mutant, with the progress shown; for that run to be carried out and kept. */
export async function searchSeed({ mutant, options, seeds, quiet }: SeedSearchOptions): Promise<SeedSearch> {
  using status = statusLine(progressOutput(quiet), wallClock(), "q stops the search");
  const threads = availableParallelism();
  const pool = new TrialPool(threads);
  const tell = (done: number): void =>
    status.update(() => `${done} of at most ${seeds} seeds tried, mutant ${mutant.id} not detected yet`);
  try {
    return await interruptible(stopping, status.say, async ({ signal, interrupt }) => {
      using _keys = stopKeys(quiet, interrupt);
      const run = (trial: TrialOptions) => pool.run(trial);
      const { found, seeds: tried } = await firstDetection({ options, seeds, run, threads, signal, tell });
      return { seed: found?.seed ?? null, tried, interrupted: signal.aborted && found === null };
    });
  } finally {
    await pool.close();
  }
}
