import { caughtBy, isCaught, type MatrixLine, outsideShare, verdictOn } from "../../controller/batch/mutants/line.ts";
import { marks } from "../outcome.ts";
import { matrixTable } from "./table.ts";

export interface MatrixOutcome {
  readonly lines: readonly MatrixLine[];
  /** Where the page is; null where it could not be written. */
  readonly report: string | null;
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** Ends a matrix's output: for people as a table, for programs as one JSON object. */
export function printMatrix(outcome: MatrixOutcome, json: boolean, output: NodeJS.WritableStream): void {
  output.write(json ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
}

function forPrograms({ lines, report, interrupted, seconds }: MatrixOutcome) {
  return {
    verdict: verdictOn(lines),
    mutants: lines.length,
    caught: lines.filter(isCaught).length,
    missed: idsOf(lines, (line) => caughtBy(line) === "no"),
    accused: idsOf(lines, ({ control }) => control.found !== null),
    undecided: idsOf(lines, ({ control }) => control.unknown > 0),
    visibleFromOutside: outsideShare(lines),
    interrupted,
    report,
    seconds: Math.round(seconds * 10) / 10,
    lines,
  };
}

function forPeople({ lines, report, interrupted, seconds }: MatrixOutcome): string {
  const verdict = verdictOn(lines);
  const missed = idsOf(lines, (line) => caughtBy(line) === "no");
  const accused = idsOf(lines, ({ control }) => control.found !== null);
  const told = [
    "",
    matrixTable(lines),
    "",
    `${marks[verdict]} ${lines.filter(isCaught).length} of ${lines.length} mutants caught${interrupted ? ", interrupted" : ""}`,
    "",
    `  not caught  ${missed.join(", ") || "none"}`,
    ...outsideTold(lines),
    `  control     ${accused.length === 0 ? "never accused" : `accused under ${accused.join(", ")}`}`,
    `  time        ${Math.round(seconds)} s`,
    ...(report === null ? [] : [`  report      ${report}`]),
  ];
  return `${told.join("\n")}\n`;
}

/** Nothing where no mutant does what shows from outside. */
function outsideTold(lines: readonly MatrixLine[]): readonly string[] {
  const { of, caught, byClients, missed } = outsideShare(lines);
  if (of === 0) return [];
  const share = `${caught} (${Math.round((100 * caught) / of)} %) of the ${of} that do what shows there`;
  const how = `${byClients} by what clients saw, ${caught - byClients} by nodes that ended or led one term together`;
  return [`  outside     ${share}: ${how}${missed.length === 0 ? "" : `; not ${missed.join(", ")}`}`];
}

function idsOf(lines: readonly MatrixLine[], which: (line: MatrixLine) => boolean): readonly string[] {
  return lines.filter(which).map(({ id }) => id);
}
