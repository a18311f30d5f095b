import { UsageError } from "../errors.ts";
import type { ScheduleEntry } from "../schedule/entry.ts";
import type { ScheduleFile } from "../schedule/file.ts";
import type { Trial, TrialOptions } from "../trials/trial.ts";
import { fewest } from "./fewer.ts";
import { type Reduction, reductions } from "./reductions.ts";

export interface ShrinkOptions {
  /** The store's knobs when nothing is said of them. */
  readonly knobDefaults: Readonly<Record<string, unknown>>;
  readonly run: (options: TrialOptions) => Promise<Trial>;
  /** So many runs may be made, and no more: the result depends on nothing but the case. */
  readonly budgetRuns: number;
  /** Once aborted, what was found so far is the result. */
  readonly signal: AbortSignal;
  /** Hears of each smaller case. */
  readonly tell: (smaller: ScheduleFile, runs: number) => void;
}

export interface Shrunk {
  readonly case: ScheduleFile;
  /** What the smallest run came to; null when nothing smaller fails. */
  readonly trial: Trial | null;
  readonly runs: number;
}

/** What a plan is given so that a schedule is carried out. */
export function optionsOf({ options, faults }: ScheduleFile): TrialOptions {
  return { ...options, schedule: { faults } };
}

/**
 * A smaller run that fails in the same way: fewer faults, less time, fewer clients, operations, nodes and troubles, in
 * turn, until none of these gets any smaller or the budget is used up.
 */
export async function shrink(from: ScheduleFile, failure: string, options: ShrinkOptions): Promise<Shrunk> {
  const search = new Search(from, failure, options);
  const ways = reductions(options.knobDefaults);
  let before: ScheduleFile;
  do {
    before = search.smallest;
    await search.leaveOutFaults();
    for (const way of ways) await search.reduce(way);
  } while (search.smallest !== before);
  return { case: search.smallest, trial: search.trial, runs: search.runs };
}

class Search {
  smallest: ScheduleFile;
  trial: Trial | null = null;
  runs = 0;
  readonly #failure: string;
  readonly #options: ShrinkOptions;
  readonly #tried = new Set<string>();

  constructor(from: ScheduleFile, failure: string, options: ShrinkOptions) {
    this.smallest = from;
    this.#failure = failure;
    this.#options = options;
  }

  async leaveOutFaults(): Promise<void> {
    await fewest(this.smallest.faults, (faults: readonly ScheduleEntry[]) => this.#fails({ ...this.smallest, faults }));
  }

  /** Goes on in one way while it leads anywhere. */
  async reduce(way: Reduction): Promise<void> {
    for (;;) {
      const before = this.smallest;
      for (const smaller of way.smaller(before)) if (await this.#fails(smaller)) break;
      if (this.smallest === before) return;
    }
  }

  async #fails(candidate: ScheduleFile): Promise<boolean> {
    const { run, budgetRuns, signal, tell } = this.#options;
    const key = JSON.stringify(candidate);
    if (this.#tried.has(key) || this.runs >= budgetRuns || signal.aborted) return false;
    this.#tried.add(key);
    this.runs++;
    const trial = await run(optionsOf(candidate)).catch(unfit);
    if (trial?.failure !== this.#failure) return false;
    this.smallest = candidate;
    this.trial = trial;
    tell(candidate, this.runs);
    return true;
  }
}

/** Some cases cannot be made smaller in some way: too few nodes for a workload, or for a fault. */
function unfit(cause: unknown): null {
  if (cause instanceof UsageError) return null;
  throw cause;
}
