import type { SystemMutant } from "../../../sut/mutant.ts";
import { enablingOptions } from "../../plan/enabling.ts";
import type { Judged, TrialOptions } from "../trials/trial.ts";
import type { MatrixLine } from "./line.ts";
import { Search } from "./search.ts";

export interface AttemptOptions {
  /** So many runs of each mutant at most, in each way in which it is expected to be noticed; seeds begin at 1. */
  readonly seeds: number;
  /** So many runs of the correct store under each configuration, and one under each seed that caught a mutant there. */
  readonly controlSeeds: number;
  /** What all plans have in common: the system, the backend, how long, how fast; a mutant may say otherwise. */
  readonly common: TrialOptions;
  /** Whether the store can be looked into, so that there are two ways to notice. */
  readonly hasInvariants: boolean;
}

/** What is tried with one mutant. */
export class Attempt {
  readonly #mutant: SystemMutant;
  readonly #byInvariants: Search | null;
  readonly #fromOutside: Search;
  readonly #control: Control;

  constructor(mutant: SystemMutant, options: AttemptOptions, controls: Controls) {
    const { id, enabling, expected } = mutant;
    const { controlSeeds } = options;
    const plan = { ...options.common, ...enablingOptions(enabling), name: `mutant-${id}`, mutant: id };
    const all = upTo(options.seeds);
    // In a way that is not expected to notice it, and inside of what showed outside, a few are enough.
    const few = upTo(Math.min(options.seeds, controlSeeds));
    const forOutside = expected.blackBox ? all : few;
    this.#mutant = mutant;
    this.#control = controls.of(enabling);
    this.#fromOutside = new Search({ ...plan, invariants: false }, () => forOutside, isInvalid);
    const forInvariants = () => {
      const seen = this.#fromOutside.sighting().found?.seed;
      if (expected.invariants.length > 0 && seen === undefined) return all;
      return all.slice(0, Math.max(few.length, seen ?? 0));
    };
    this.#byInvariants = options.hasInvariants
      ? new Search(plan, forInvariants, ({ brokenInside }) => brokenInside)
      : null;
  }

  get searches(): readonly Search[] {
    return this.#byInvariants === null ? [this.#fromOutside] : [this.#byInvariants, this.#fromOutside];
  }

  /** Tells the control which seeds caught the mutant. */
  tellControl(): void {
    for (const search of this.searches) {
      const { found } = search.sighting();
      if (found !== null) this.#control.add(found.seed);
    }
  }

  line(): MatrixLine {
    const { id, name, breaks, anomalies, expected, missed = null } = this.#mutant;
    const told = { id, name, breaks, anomalies, expected, missed };
    const byInvariants = this.#byInvariants?.sighting() ?? null;
    const complete = [...this.searches, this.#control.search].every((search) => search.isOver());
    return {
      ...told,
      byInvariants,
      fromOutside: this.#fromOutside.sighting(),
      control: this.#control.search.sighting(),
      complete,
    };
  }
}

/** Runs of the correct store. Configurations that mutants share are run once. */
export class Controls {
  readonly #options: AttemptOptions;
  readonly #controls = new Map<string, Control>();

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  get searches(): readonly Search[] {
    return [...this.#controls.values()].map(({ search }) => search);
  }

  of(enabling: SystemMutant["enabling"]): Control {
    const plan: TrialOptions = { ...this.#options.common, ...enablingOptions(enabling), name: "control" };
    const key = JSON.stringify(inOrder(plan));
    const control = this.#controls.get(key) ?? new Control(plan, this.#options.controlSeeds);
    this.#controls.set(key, control);
    return control;
  }
}

class Control {
  readonly search: Search;
  readonly #seeds: number[];

  constructor(plan: TrialOptions, seeds: number) {
    this.#seeds = upTo(seeds);
    this.search = new Search(plan, () => this.#seeds, isInvalid);
  }

  add(seed: number): void {
    if (!this.#seeds.includes(seed)) this.#seeds.push(seed);
  }
}

function isInvalid({ verdict }: Judged): boolean {
  return verdict === "invalid";
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place + 1);
}

/** The same with its fields in one order, however they were written down. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, inOrder(inner)] as const);
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
}
