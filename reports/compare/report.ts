import type { ReportKind } from "../kind.ts";
import { type CompareDigest, type ComparisonMaterial, digestComparison } from "./digest/compare.ts";

/** The report of a comparison: what each choice costs, how it does under faults, and whether it was ever wrong. */
export const compareReport: ReportKind<ComparisonMaterial, CompareDigest> = {
  name: "compare",
  digest: digestComparison,
  title: ({ axes, rows }) => `${axes.join(" and ")}: ${rows.length} compared`,
};
