import type { CheckerResult } from "../analysis/checker.ts";
import type { MutantOutcome } from "../analysis/mutant.ts";
import type { Results } from "../analysis/results.ts";
import { verdictMarks } from "../analysis/verdict.ts";
import { visible, visibleLine } from "./visible.ts";

export interface Outcome {
  readonly results: Results;
  readonly folder: string;
  /** Null if none was wanted, or if it could not be written, which is a warning then. */
  readonly report: string | null;
  /** Left out where a history is judged that says nothing of its seed. */
  readonly seed?: number;
  /** How many seeds were tried to find one that detects the run's mutant; left out where none was looked for. */
  readonly seedsTried?: number;
  readonly seconds: number;
}

/** Ends a run's output: for people, the verdict, the checkers and where to read on; for programs, one JSON object. */
export function printOutcome(outcome: Outcome, json: boolean, output: { write(text: string): unknown }): void {
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
}

/** A search for a seed that detects a mutant was interrupted: no run was carried out, and nothing is decided. */
export function printInterruptedSearch(
  seedsTried: number,
  { id, name }: Pick<MutantOutcome, "id" | "name">,
  json: boolean,
  output: { write(text: string): unknown },
): void {
  const summary = `interrupted: none of the ${seedsTried} seeds tried so far detects mutant ${id} (${name})`;
  const mutant = { id, name, detected: false, by: [], seedsTried };
  const told = json
    ? JSON.stringify({ verdict: "unknown", summary, mutant })
    : `${verdictMarks.unknown} UNKNOWN: ${summary}`;
  output.write(`${told}\n`);
}

function forPrograms({ results, folder, report, seed, seedsTried, seconds }: Outcome) {
  const checkers = Object.entries(results.checkers).map(([name, result]) => {
    const { verdict, summary, cause } = result;
    return [name, { verdict, summary, ...(cause === undefined ? {} : { cause }), ...findingsOf(result) }];
  });
  return {
    verdict: results.verdict,
    summary: results.summary,
    run: folder,
    report,
    seed,
    operations: results.operations,
    faults: results.faults,
    ...(results.mutant === undefined ? {} : { mutant: { ...results.mutant, seedsTried } }),
    checkers: Object.fromEntries(checkers),
    ...(results.inconclusive === undefined ? {} : { inconclusive: results.inconclusive }),
    warnings: results.warnings,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** What a checker found, with the operations that show it, and which consistency models that leaves. */
const findings: readonly string[] = [
  ...["anomalies", "violations", "violationCount"],
  ...["models", "weakestModelsRuledOut", "strongestModels"],
];

function findingsOf(result: CheckerResult): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(result).filter(([name]) => findings.includes(name)));
}

/** A check's own mark. A measure that found something gets no tick: it accuses nobody, but all is not well. */
function markOf({ verdict, attention }: CheckerResult): string {
  return verdict === "valid" && attention === true ? "!" : verdictMarks[verdict];
}

/** Who detected a mutant, and how many runs that took. */
function describeMutant({ id, name, detected, by }: MutantOutcome, seedsTried: number | undefined): string {
  const after = seedsTried === undefined ? "" : `; ${seedsTried} ${seedsTried === 1 ? "seed" : "seeds"} tried`;
  return `${id} ${name}: ${detected ? `detected by ${by.join(", ")}` : "not detected"}${after}`;
}

function forPeople({ results, folder, report, seed, seedsTried }: Outcome): string {
  const { ok, fail, info } = results.operations;
  const lines = [
    "",
    ...Object.entries(results.checkers).map(
      ([name, result]) => `  ${markOf(result)} ${name.padEnd(13)} ${result.summary}`,
    ),
    ...results.warnings.map((warning) => `  ! ${warning}`),
    "",
    `${verdictMarks[results.verdict]} ${results.verdict.toUpperCase()}: ${results.summary}`,
    "",
    `  operations  ${ok} ok, ${fail} fail, ${info} info`,
    `  faults      ${results.faults.injected} injected, ${results.faults.effective} effective`,
    ...(results.mutant === undefined ? [] : [`  mutant      ${describeMutant(results.mutant, seedsTried)}`]),
    ...(seed === undefined ? [] : [`  seed        ${seed}`]),
    `  run         ${folder}`,
    ...(report === null ? [] : [`  report      ${report}`]),
  ];
  return `${lines.map(visibleLine).join("\n")}\n`;
}
