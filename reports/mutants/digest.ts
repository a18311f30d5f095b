import type { Verdict } from "../../analysis/verdict.ts";

/** What the page says of one mutant. */
export interface MutantRow {
  readonly id: string;
  readonly name: string;
  readonly breaks: string;
  readonly anomalies: readonly string[];
  /** `open`: its runs were interrupted before it was detected. */
  readonly caughtBy: "invariant" | "outside" | "both" | "no" | "open";
  /** Why it is not externally visible. */
  readonly missed: string | null;
  /** Null where no run inspected the store. */
  readonly byInvariants: Tried | null;
  readonly fromOutside: Tried;
  /** The correct store in the same configuration. */
  readonly control: Tried;
}

/** Seeds that were tried until one showed something. */
export interface Tried {
  readonly seeds: number;
  /** How long the runs took by their own clocks, and in real time. */
  readonly virtualSeconds: number;
  readonly seconds: number;
  /** How many of them were inconclusive. */
  readonly unknown: number;
  /** `report` is where the run's page is, seen from this one. */
  readonly found: { readonly seed: number; readonly summary: string; readonly report: string | null } | null;
}

/** The result of `keelhaul mutants`. */
export interface MutantMatrix {
  readonly verdict: Verdict;
  readonly system: string;
  readonly backend: string;
  readonly command: string;
  readonly interrupted: boolean;
  /** How many mutants are externally visible, how many of those were detected from outside, and by what clients saw. */
  readonly outside: Readonly<Record<"of" | "caught" | "byClients", number>> & { readonly missed: readonly string[] };
  readonly rows: readonly MutantRow[];
}

export interface MutantsDigest extends MutantMatrix {
  /** Mutants that were detected at all. */
  readonly caught: number;
  /** Configurations in which the correct store was called invalid. */
  readonly accused: number;
}

export function digestMutants(matrix: MutantMatrix): MutantsDigest {
  return {
    ...matrix,
    caught: matrix.rows.filter(({ caughtBy }) => caughtBy !== "no" && caughtBy !== "open").length,
    accused: matrix.rows.filter(({ control }) => control.found !== null).length,
  };
}
