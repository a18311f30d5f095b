import { aborted } from "../../run/aborted.ts";
import { brokenOff, type Trial, type TrialOptions } from "../trials/trial.ts";
import { Search, type Sighting } from "./search.ts";

export interface DetectionOptions {
  /** What every run has in common, with the mutant; each gets a seed. */
  readonly options: TrialOptions;
  /** So many runs at most; seeds begin at 1. */
  readonly seeds: number;
  readonly run: (options: TrialOptions) => Promise<Trial>;
  /** How many runs are under way at once. */
  readonly threads: number;
  /** Once it aborts no run begins, and none is waited for. */
  readonly signal: AbortSignal;
  /** Hears after each run how many are done. */
  readonly tell: (done: number) => void;
}

/** Runs seed after seed until one detects the mutant: a bug that needs several things to happen does not show in every run. */
export async function firstDetection(wanted: DetectionOptions): Promise<Sighting> {
  const { options, run, threads, signal, tell } = wanted;
  const seeds = Array.from({ length: wanted.seeds }, (_, place) => place + 1);
  const search = new Search(
    options,
    () => seeds,
    ({ verdict }) => verdict === "invalid",
  );
  let finished = 0;
  const thread = async (): Promise<void> => {
    while (!signal.aborted && search.round !== null) {
      const next = search.begin();
      const trial = await run(next.options).catch(brokenOff);
      if (signal.aborted) return;
      next.done(trial);
      tell(++finished);
    }
  };
  await Promise.race([Promise.all(Array.from({ length: threads }, thread)), aborted(signal)]);
  return search.sighting();
}
