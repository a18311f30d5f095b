import type { ReportKind } from "../kind.ts";
import { digestMutants, type MutantMatrix, type MutantsDigest } from "./digest.ts";

/** The report of a mutant matrix: what detected each mutant and how soon, and how the correct store did there. */
export const mutantsReport: ReportKind<MutantMatrix, MutantsDigest> = {
  name: "mutants",
  digest: digestMutants,
  title: ({ caught, rows, system }) => `${caught} of ${rows.length} mutants of ${system} detected`,
};
