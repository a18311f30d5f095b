import { verdictMarks } from "../../analysis/verdict.ts";
import { caughtBy, isCaught, type MatrixLine, outsideShare, verdictOn } from "../../controller/batch/mutants/line.ts";
import { visible, visibleLine } from "../visible.ts";
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
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
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
  const text = [
    "",
    ...matrixTable(lines),
    "",
    `${verdictMarks[verdict]} ${lines.filter(isCaught).length} of ${lines.length} mutants detected${interrupted ? ", interrupted" : ""}`,
    "",
    `  missed      ${missed.join(", ") || "none"}`,
    ...outsideLines(lines),
    `  control     ${accused.length === 0 ? "never called invalid" : `called invalid under ${accused.join(", ")}`}`,
    `  time        ${Math.round(seconds)} s`,
    ...(report === null ? [] : [`  report      ${report}`]),
  ];
  return `${text.map(visibleLine).join("\n")}\n`;
}

/** Nothing where no mutant is externally visible. */
function outsideLines(lines: readonly MatrixLine[]): readonly string[] {
  const { of, caught, byClients, missed } = outsideShare(lines);
  if (of === 0) return [];
  const share = `${caught} of ${of} externally visible mutants (${Math.round((100 * caught) / of)} %) detected`;
  const how = `${byClients} from clients' operations, ${caught - byClients} from crashes or two leaders of one term`;
  return [`  outside     ${share}: ${how}${missed.length === 0 ? "" : `; missed: ${missed.join(", ")}`}`];
}

function idsOf(lines: readonly MatrixLine[], which: (line: MatrixLine) => boolean): readonly string[] {
  return lines.filter(which).map(({ id }) => id);
}
