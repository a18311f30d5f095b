import { verdictMarks } from "../../analysis/verdict.ts";
import type { CompareDigest } from "../../reports/compare/digest/compare.ts";
import { nameOf } from "../../reports/compare/digest/sentence.ts";
import { visible, visibleLine } from "../visible.ts";
import { comparisonTable } from "./table.ts";

export interface ComparisonOutcome {
  readonly digest: CompareDigest;
  readonly folder: string;
  /** Where the page is; null where it could not be written. */
  readonly report: string | null;
}

/** Ends a comparison's output: for people as a table with a sentence for each choice, for programs as one JSON object. */
export function printComparison(outcome: ComparisonOutcome, json: boolean, output: { write(text: string): unknown }) {
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
}

function forPrograms({ digest, folder, report }: ComparisonOutcome) {
  return { ...digest, folder, report };
}

function forPeople({ digest, folder, report }: ComparisonOutcome): string {
  const { verdict, rows, interrupted } = digest;
  const safe = rows.filter((row) => row.verdict === "valid").length;
  const lines = [
    ...["", ...comparisonTable(digest), ""],
    ...rows.map((row) => `  ${nameOf(row)}: ${row.sentence}`),
    "",
    `${verdictMarks[verdict]} ${safe} of ${rows.length} choices valid in every run${interrupted ? "; interrupted" : ""}`,
    "",
    `  comparison  ${folder}`,
    ...(report === null ? [] : [`  report      ${report}`]),
    ...(interrupted ? [`  continue    npx keelhaul compare --continue ${folder}`] : []),
  ];
  return `${lines.map(visibleLine).join("\n")}\n`;
}
