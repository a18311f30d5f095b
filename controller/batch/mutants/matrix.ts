import { UsageError } from "../../../errors/errors.ts";
import type { SystemMutant } from "../../../sut/mutant.ts";
import { brokenOff, type Judged, type TrialOptions } from "../trials/trial.ts";
import { Attempt, type AttemptOptions, Controls } from "./attempt.ts";
import { isCaught, type MatrixLine } from "./line.ts";
import type { Search } from "./search.ts";

export interface MatrixOptions extends AttemptOptions {
  readonly mutants: readonly SystemMutant[];
  readonly run: (options: TrialOptions) => Promise<Judged>;
  /** How many runs are under way at once. */
  readonly threads: number;
  /** Once it aborts no run begins, and none is waited for: what was found so far is the result. */
  readonly signal: AbortSignal;
  /** Hears how far it is after each run, and of the lines that are complete now. */
  readonly tell: (soFar: MatrixProgress, completed: readonly MatrixLine[]) => void;
}

export interface MatrixProgress {
  readonly mutants: number;
  readonly complete: number;
  readonly caught: number;
  readonly runs: number;
  /** How many more there are to begin or to end, if none of them has something to show. */
  readonly runsLeft: number;
  readonly virtualMs: number;
}

/**
 * Tries every mutant until it is noticed in each way, and the correct store under each configuration. All have their
 * first run before one has its second, so that those that hide do not keep others waiting.
 */
export async function tryMutants(options: MatrixOptions): Promise<readonly MatrixLine[]> {
  const matrix = new Matrix(options);
  await new Promise<void>((resolve, reject) => matrix.begin(resolve, reject));
  return matrix.lines();
}

class Matrix {
  readonly #options: MatrixOptions;
  readonly #attempts: readonly Attempt[];
  readonly #searches: readonly Search[];
  readonly #complete = new Set<Attempt>();
  #underWay = 0;
  #runs = 0;
  #virtualMs = 0;

  constructor(options: MatrixOptions) {
    const controls = new Controls(options);
    this.#options = options;
    this.#attempts = options.mutants.map((mutant) => new Attempt(mutant, options, controls));
    this.#searches = [...this.#attempts.flatMap(({ searches }) => searches), ...controls.searches];
  }

  lines(): readonly MatrixLine[] {
    return this.#attempts.map((attempt) => attempt.line());
  }

  begin(over: () => void, failed: (cause: unknown) => void): void {
    const { signal, threads } = this.#options;
    const goOn = (): void => {
      while (this.#underWay < threads && !signal.aborted) {
        const search = this.#soonest();
        if (search === null) break;
        this.#carryOut(search).then(goOn, failed);
      }
      if (signal.aborted || this.#underWay === 0) over();
    };
    signal.addEventListener("abort", goOn, { once: true });
    goOn();
  }

  /** That which has begun the fewest runs. */
  #soonest(): Search | null {
    let soonest: Search | null = null;
    for (const search of this.#searches) {
      if (search.round !== null && search.round < (soonest?.round ?? Number.POSITIVE_INFINITY)) soonest = search;
    }
    return soonest;
  }

  async #carryOut(search: Search): Promise<void> {
    const { run, signal } = this.#options;
    const { options, done } = search.begin();
    this.#underWay++;
    const trial = await run(options).catch(unlessRefused);
    this.#underWay--;
    if (signal.aborted) return;
    done(trial);
    for (const attempt of this.#attempts) attempt.tellControl();
    this.#tell(trial);
  }

  #tell({ virtualMs }: Judged): void {
    this.#runs++;
    this.#virtualMs += virtualMs;
    const open = this.#attempts.filter((attempt) => !this.#complete.has(attempt));
    const completed = open.filter((attempt) => attempt.line().complete);
    for (const attempt of completed) this.#complete.add(attempt);
    const soFar = {
      mutants: this.#attempts.length,
      complete: this.#complete.size,
      caught: this.lines().filter(isCaught).length,
      runs: this.#runs,
      runsLeft: this.#searches.reduce((sum, search) => sum + search.runsLeft, this.#underWay),
      virtualMs: this.#virtualMs,
    };
    this.#options.tell(
      soFar,
      completed.map((attempt) => attempt.line()),
    );
  }
}

/** A run that could not be brought to its end decides nothing; one that cannot be begun is an error of the options. */
function unlessRefused(cause: unknown): Judged {
  if (cause instanceof UsageError) throw cause;
  return brokenOff(cause);
}
