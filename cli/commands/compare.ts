import type { Comparison } from "../../analysis/comparison.ts";
import { cellsOf } from "../../controller/batch/compare/cells.ts";
import { optionWords, shellWord } from "../../controller/plan/repeat.ts";
import { dashed } from "../../errors/option-names.ts";
import { digestComparison } from "../../reports/compare/digest/compare.ts";
import { carryOut } from "../compare/carry-out.ts";
import { printComparison } from "../compare/outcome.ts";
import { writePages } from "../compare/pages.ts";
import { beginComparison, type ComparisonFlags, resumeComparison } from "../compare/record.ts";
import { exitCodes } from "../exit-codes.ts";
import { pageOrWarning } from "../write-report.ts";

interface CompareFlags extends ComparisonFlags {
  readonly continue?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `keelhaul compare`: the same test with each combination of some options' values, and one page on them all. */
export async function runCompare({ continue: begun, json, quiet, ...flags }: CompareFlags): Promise<void> {
  const recorded = begun === undefined ? await beginComparison(flags) : await resumeComparison(begun, flags);
  const { folder, comparison } = recorded;
  const ended = await carryOut(recorded, quiet === true);
  const material = { ...comparison, ...ended, command: commandOf(comparison) };
  const digest = digestComparison(material);
  const report = await pageOrWarning(() => writePages(folder, material));
  process.exitCode = exitCodes[digest.verdict];
  printComparison({ digest, folder, report }, json === true, process.stdout);
}

/** The command that makes the same comparison again. */
function commandOf(comparison: Comparison): string {
  const { axes, repetitions } = comparison;
  const compared = axes.map(({ option, values }) => {
    const separator = values.some((value) => value.includes(",")) ? ";" : ",";
    return `--axis ${shellWord(`${dashed(option)}=${values.join(separator)}`)}`;
  });
  const [first] = cellsOf(comparison);
  const shared = optionWords(first!.plan(0), [...axes.map(({ option }) => option), "name"]);
  return ["npx keelhaul compare", ...compared, ...shared, `--repeat ${repetitions}`].join(" ");
}
