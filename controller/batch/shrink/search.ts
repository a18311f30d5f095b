import { UsageError } from "../../../errors/errors.ts";
import type { ScheduleFile } from "../../plan/schedule/file.ts";
import { brokenOff, type Trial, type TrialOptions } from "../trials/trial.ts";
import { endingAt } from "./endings.ts";

export interface SearchOptions {
  readonly run: (options: TrialOptions) => Promise<Trial>;
  /** How many runs may be under way at once. The result does not depend on it. */
  readonly threads: number;
  /** So much virtual time may be spent, as many times the run's own, and no more; see `usualBudgetRuns`. */
  readonly budgetRuns: number;
  /** Once aborted, what was found so far is the result. */
  readonly signal: AbortSignal;
  /** Hears of each smaller case. */
  readonly tell: (smaller: ScheduleFile, runs: number) => void;
}

/** What a plan is given so that a schedule is carried out. */
export function optionsOf({ options, faults }: ScheduleFile): TrialOptions {
  return { ...options, schedule: { faults: [...faults] } };
}

/** What starting a run and its final reads cost, however short it is. */
const leastMs = 1000;

/** The smallest case so far, and what the search for it has cost. */
export class Search {
  smallest: ScheduleFile;
  /** What became of the smallest; null before any has been tried. */
  trial: Trial | null = null;
  runs = 0;
  readonly #failure: string;
  readonly #options: SearchOptions;
  readonly #tried = new Set<string>();
  /** The failure came while clients and faults were at work, and not in what every run ends with. */
  #duringLoad = false;
  #leftMs: number;

  constructor(from: ScheduleFile, failure: string, options: SearchOptions) {
    this.smallest = from;
    this.#failure = failure;
    this.#options = options;
    this.#leftMs = options.budgetRuns * Math.max(leastMs, Number(from.options["timeLimit"]));
  }

  /**
   * Takes the first case that fails, in the order in which they are given, and cuts off what comes behind its failure. Those
   * that come behind it are begun meanwhile, but count for nothing. False when none fails.
   */
  async take(cases: readonly ScheduleFile[]): Promise<boolean> {
    const fresh = cases.filter((one) => !this.#tried.has(keyOf(one)));
    const begun: Promise<Trial | null>[] = [];
    try {
      for (const [place, one] of fresh.entries()) {
        while (begun.length < Math.min(fresh.length, place + this.#options.threads)) {
          begun.push(this.#run(fresh[begun.length]!));
        }
        if (this.#isOver) return false;
        if (!this.#counts(one, await begun[place]!)) continue;
        await this.#cutBehindFailure();
        return true;
      }
      return false;
    } finally {
      await Promise.all(begun);
    }
  }

  async #cutBehindFailure(): Promise<void> {
    const { smallest, trial } = this;
    const endMs = Math.floor(trial?.failedAtMs ?? Number.POSITIVE_INFINITY) + 1;
    if (endMs >= Number(smallest.options["timeLimit"]) || endMs < 1 || this.#isOver) return;
    const cut = endingAt(smallest, endMs);
    if (!this.#tried.has(keyOf(cut))) this.#counts(cut, await this.#run(cut));
  }

  get #isOver(): boolean {
    return this.#options.signal.aborted || this.#leftMs <= 0;
  }

  #run(one: ScheduleFile): Promise<Trial | null> {
    return this.#isOver ? Promise.resolve(null) : this.#options.run(optionsOf(one)).catch(withoutTrial);
  }

  #counts(one: ScheduleFile, trial: Trial | null): boolean {
    this.#tried.add(keyOf(one));
    this.runs++;
    this.#leftMs -= Math.max(leastMs, trial?.virtualMs ?? 0);
    if (trial?.failure !== this.#failure || this.#options.signal.aborted) return false;
    const duringLoad = trial.failedAtMs !== null && trial.failedAtMs <= Number(one.options["timeLimit"]);
    if (this.#duringLoad && !duringLoad) return false;
    this.#duringLoad = duringLoad;
    if (one !== this.smallest) this.#options.tell(one, this.runs);
    this.smallest = one;
    this.trial = trial;
    return true;
  }
}

function keyOf(one: ScheduleFile): string {
  return JSON.stringify(one);
}

/**
 * Some cases cannot be made smaller in some way: too few nodes for a workload, or for a fault. One that breaks off fails in
 * another way than the one that is looked for.
 */
function withoutTrial(cause: unknown): Trial | null {
  return cause instanceof UsageError ? null : brokenOff(cause);
}
