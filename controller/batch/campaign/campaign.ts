import type { Verdict } from "../../../analysis/verdict.ts";
import { UsageError } from "../../../errors/errors.ts";
import { nsPerMs } from "../../../time/clock.ts";
import { aborted } from "../../run/aborted.ts";
import { brokenOff, type Trial, type TrialOptions } from "../trials/trial.ts";

export interface CampaignOptions {
  readonly seeds: SeedRange;
  readonly optionsOf: (seed: number) => TrialOptions;
  readonly run: (options: TrialOptions) => Promise<Trial>;
  /** How many runs are under way at once. */
  readonly threads: number;
  /** Begin no further run behind the first that fails. */
  readonly failFast: boolean;
  readonly signal: AbortSignal;
  readonly tell: (done: SeedDone, soFar: CampaignTotals) => void;
}

/** From the first to the last, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

export interface SeedDone {
  readonly seed: number;
  readonly options: TrialOptions;
  readonly trial: Pick<Trial, "verdict" | "summary" | "failure">;
}

export interface CampaignTotals {
  readonly done: number;
  readonly operations: number;
  readonly virtualMs: number;
}

export interface CampaignResult extends CampaignTotals {
  /** The worst of all runs; an interrupted campaign is not valid, for the other seeds may fail. */
  readonly verdict: Verdict;
  /** Whether the signal ended it before all seeds were done. */
  readonly interrupted: boolean;
  /** In the order of their seeds. */
  readonly failures: readonly SeedDone[];
  /** Inconclusive runs, in the order of their seeds. */
  readonly undecided: readonly SeedDone[];
  /** The histories' digests, in the order of their seeds. */
  readonly digests: readonly string[];
}

/** One simulated run a seed, as many at once as there are threads. Ends early when the signal aborts; what is done counts. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { seeds, threads, signal, failFast } = options;
  const campaign = new Campaign(options);
  let next = seeds.first;
  const over = (): boolean => signal.aborted || next > seeds.last || (failFast && campaign.hasFailed);
  const interrupted = aborted(signal);
  const thread = async (): Promise<void> => {
    while (!over()) await Promise.race([campaign.runSeed(next++), interrupted]);
  };
  await Promise.all(Array.from({ length: threads }, thread));
  return campaign.result();
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #failures: SeedDone[] = [];
  readonly #undecided: SeedDone[] = [];
  readonly #digests = new Map<number, string>();
  #done = 0;
  #operations = 0;
  /** Whole numbers: their sum is the same in any order. */
  #virtualNs = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  async runSeed(seed: number): Promise<void> {
    const { optionsOf, run, signal, tell } = this.#options;
    const options = optionsOf(seed);
    const trial = await run(options).catch(undecidedBy);
    if (signal.aborted) return;
    const done = { seed, options, trial };
    this.#done++;
    if (trial.verdict === "invalid") this.#failures.push(done);
    if (trial.verdict === "unknown") this.#undecided.push(done);
    if (trial.digest !== "") this.#digests.set(seed, trial.digest);
    this.#operations += trial.operations;
    this.#virtualNs += Math.round(trial.virtualMs * nsPerMs);
    tell(done, this.#totals());
  }

  result(): CampaignResult {
    const { seeds, signal } = this.#options;
    const interrupted = signal.aborted && this.#done <= seeds.last - seeds.first;
    const failures = this.#failures.toSorted(bySeed);
    const undecided = this.#undecided.toSorted(bySeed);
    const verdict = this.hasFailed ? "invalid" : interrupted || undecided.length > 0 ? "unknown" : "valid";
    const digests = [...this.#digests].sort(([one], [other]) => one - other).map(([, digest]) => digest);
    return { ...this.#totals(), verdict, interrupted, failures, undecided, digests };
  }

  #totals(): CampaignTotals {
    return { done: this.#done, operations: this.#operations, virtualMs: this.#virtualNs / nsPerMs };
  }
}

function bySeed(one: SeedDone, other: SeedDone): number {
  return one.seed - other.seed;
}

/** What is given need not go with what a seed draws: a short time limit leaves no time for faults under long timeouts. */
function undecidedBy(cause: unknown): Trial {
  if (!(cause instanceof UsageError)) return brokenOff(cause);
  return { ...brokenOff(cause), summary: `cannot be run with what this seed draws: ${cause.message}` };
}
