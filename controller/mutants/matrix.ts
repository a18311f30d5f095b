import type { SystemMutant } from "../../sut/system.ts";
import type { Judged, TrialOptions } from "../trials/trial.ts";
import { enablingOptions } from "./enabling.ts";

export interface MatrixOptions {
  readonly mutants: readonly SystemMutant[];
  /** So many runs of each, with seeds from 1 on. */
  readonly seeds: number;
  /** What all plans have in common: the system, the backend, how long, how fast. */
  readonly common: TrialOptions;
  /** Whether the store can be looked into, so that there are two ways to notice. */
  readonly hasInvariants: boolean;
  readonly run: (options: TrialOptions) => Promise<Judged>;
  readonly tell: (line: MatrixLine) => void;
}

/** How one mutant was noticed, or that it was not; and how the correct store did under the same conditions. */
export interface MatrixLine {
  readonly id: string;
  readonly name: string;
  readonly breaks: string;
  readonly expected: SystemMutant["expected"];
  /** By the invariants, or by an assertion of a node; null where nobody looked. */
  readonly byInvariants: Sighting | null;
  /** By what clients saw, with nobody looking into the store. */
  readonly byClients: Sighting;
  readonly control: { readonly runs: number; readonly invalid: Sighting["found"]; readonly unknown: number };
}

export interface Sighting {
  readonly runs: number;
  readonly seconds: number;
  readonly found: { readonly seed: number; readonly summary: string; readonly options: TrialOptions } | null;
}

/** Tries every mutant until it is noticed, and the correct store under each configuration and seed that was used. */
export async function tryMutants(options: MatrixOptions): Promise<readonly MatrixLine[]> {
  const controls = new Controls(options);
  return Promise.all(
    options.mutants.map(async (mutant) => {
      const line = await tryMutant(mutant, options, controls);
      options.tell(line);
      return line;
    }),
  );
}

/** Whether everything is as it should be: each mutant noticed, and no correct store accused. */
export function isComplete(lines: readonly MatrixLine[]): boolean {
  return lines.every((line) => caughtBy(line) !== "no" && line.control.invalid === null);
}

export function caughtBy({ byInvariants, byClients }: Pick<MatrixLine, "byInvariants" | "byClients">) {
  const inside = byInvariants?.found != null;
  const outside = byClients.found !== null;
  if (inside && outside) return "both";
  return inside ? "invariant" : outside ? "clients" : "no";
}

async function tryMutant(mutant: SystemMutant, options: MatrixOptions, controls: Controls): Promise<MatrixLine> {
  const { id, name, breaks, expected, enabling } = mutant;
  const { rate, timeLimit } = enablingOptions(enabling);
  const plan = { ...options.common, ...(rate && { rate }), ...(timeLimit && { timeLimit }), mutant: id };
  const [byInvariants, byClients] = await Promise.all([
    options.hasInvariants ? search(plan, options, ({ brokenInside }) => brokenInside) : null,
    search({ ...plan, invariants: false }, options, ({ verdict }) => verdict === "invalid"),
  ]);
  const runs = Math.max(byInvariants?.runs ?? 0, byClients.runs);
  return { id, name, breaks, expected, byInvariants, byClients, control: await controls.of(mutant, runs) };
}

async function search(
  plan: TrialOptions,
  { seeds, run }: MatrixOptions,
  notices: (trial: Judged) => boolean,
): Promise<Sighting> {
  let seconds = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const options = { ...plan, seed };
    const trial = await run(options);
    seconds += trial.seconds;
    if (notices(trial)) return { runs: seed, seconds, found: { seed, summary: trial.summary, options } };
  }
  return { runs: seeds, seconds, found: null };
}

/** Runs of the correct store; configurations that mutants share are run once. */
class Controls {
  readonly #options: MatrixOptions;
  readonly #trials = new Map<string, Promise<Judged>>();

  constructor(options: MatrixOptions) {
    this.#options = options;
  }

  async of({ enabling }: SystemMutant, runs: number): Promise<MatrixLine["control"]> {
    const plan = { ...this.#options.common, ...enablingOptions(enabling) };
    let unknown = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const options = { ...plan, seed };
      const { verdict, summary } = await this.#run(options);
      if (verdict === "invalid") return { runs: seed, invalid: { seed, summary, options }, unknown };
      if (verdict === "unknown") unknown++;
    }
    return { runs, invalid: null, unknown };
  }

  #run(options: TrialOptions): Promise<Judged> {
    const key = JSON.stringify(options);
    const trial = this.#trials.get(key) ?? this.#options.run(options);
    this.#trials.set(key, trial);
    return trial;
  }
}
