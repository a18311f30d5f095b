import type { Judged, TrialOptions } from "../trials/trial.ts";

/** A run that has something to show: that a mutant was noticed, or that the correct store was accused. */
export interface Found {
  readonly seed: number;
  readonly summary: string;
  /** Of which kind: the invariant that was broken, or the checker that condemns. */
  readonly failure: string | null;
  readonly options: TrialOptions;
}

/** What came of trying seeds one after another until one had something to show. */
export interface Sighting {
  /** How many were tried, up to the one that was found. */
  readonly seeds: number;
  /** What their runs took by their own clocks, and in real time. */
  readonly virtualSeconds: number;
  readonly seconds: number;
  /** How many of them were inconclusive. */
  readonly unknown: number;
  readonly found: Found | null;
}

/**
 * Looks for the first of some seeds that has something to show. Runs may be under way at the same time: what comes of it is
 * the same, for a later seed counts only when all before it had nothing.
 */
export class Search {
  readonly #options: TrialOptions;
  readonly #notices: (trial: Judged) => boolean;
  /** Those to try, in order; may grow while the search goes on. */
  readonly #seeds: () => readonly number[];
  readonly #trials: (Judged | undefined)[] = [];
  #begun = 0;
  #noticed = false;
  /** Of the trials so far: a matrix asks every search after each of its runs. */
  #sighting: Sighting | null = null;

  constructor(options: TrialOptions, seeds: () => readonly number[], notices: (trial: Judged) => boolean) {
    this.#options = options;
    this.#seeds = seeds;
    this.#notices = notices;
  }

  /** How many seeds were begun before the next one; null when there is none to begin. */
  get round(): number | null {
    return this.runsLeft === 0 ? null : this.#begun;
  }

  /** How many runs there are still to begin, if none of those under way has something to show. */
  get runsLeft(): number {
    return this.#noticed ? 0 : this.#seeds().length - this.#begun;
  }

  /** The options of the next run, and where its outcome goes. */
  begin(): { readonly options: TrialOptions; readonly done: (trial: Judged) => void } {
    const place = this.#begun++;
    const done = (trial: Judged): void => {
      this.#trials[place] = trial;
      this.#noticed ||= this.#notices(trial);
      this.#sighting = null;
    };
    return { options: this.#optionsOf(place), done };
  }

  /** Whether more runs would say nothing new. */
  isOver(): boolean {
    const { found, seeds } = this.sighting();
    return found !== null || seeds >= this.#seeds().length;
  }

  sighting(): Sighting {
    this.#sighting ??= this.#sum();
    return this.#sighting;
  }

  #sum(): Sighting {
    const known = this.#known();
    const sum = (of: (trial: Judged) => number) => known.reduce((total, trial) => total + of(trial), 0);
    return {
      seeds: known.length,
      virtualSeconds: sum(({ virtualMs }) => virtualMs) / 1000,
      seconds: sum(({ seconds }) => seconds),
      unknown: sum(({ verdict }) => (verdict === "unknown" ? 1 : 0)),
      found: this.#foundAt(known.length - 1),
    };
  }

  /** Outcomes without a gap, up to the first that has something to show. */
  #known(): readonly Judged[] {
    const known: Judged[] = [];
    for (const trial of this.#trials) {
      if (trial === undefined) break;
      known.push(trial);
      if (this.#notices(trial)) break;
    }
    return known;
  }

  #foundAt(place: number): Found | null {
    const trial = this.#trials[place];
    if (trial === undefined || !this.#notices(trial)) return null;
    const { summary, failure } = trial;
    return { seed: this.#seeds()[place]!, summary, failure, options: this.#optionsOf(place) };
  }

  #optionsOf(place: number): TrialOptions {
    return { ...this.#options, seed: this.#seeds()[place]! };
  }
}
