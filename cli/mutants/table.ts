import { type CaughtBy, caughtBy, type MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { Found, Sighting } from "../../controller/batch/mutants/search.ts";

const marks = { both: " ", invariant: " ", outside: " ", no: "✗", open: "?" } as const satisfies Record<
  CaughtBy,
  string
>;

/**
 * The matrix in 80 columns, a mutant a line: which invariant detected it, and whether it was detected from outside, with the
 * seeds that took and the seconds of the runs' own clocks; and how the correct store did. Below, why some are not
 * externally visible.
 */
export function matrixTable(lines: readonly MatrixLine[]): readonly string[] {
  const reasons = lines.filter(({ missed, fromOutside }) => missed !== null && fromOutside.found === null);
  const table = [
    row(["", "", "by an invariant", "from outside", "control"]),
    row(["", "mutant", "   seeds    time", "seeds    time", "  seeds"]),
    ...lines.map((line) => row([marks[caughtBy(line)], nameOf(line), inside(line), outside(line), control(line)])),
  ];
  return [...table, ...(reasons.length === 0 ? [] : ["", ...reasons.map(({ id, missed }) => `  ${id}: ${missed}`)])];
}

const widths = [2, 37, 18, 15, 7] as const;

function row(cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("")
    .trimEnd();
}

function nameOf({ id, name }: MatrixLine): string {
  return `${id.padEnd(5)}${name}`;
}

function inside({ byInvariants }: MatrixLine): string {
  if (byInvariants === null) return "";
  return `${broken(byInvariants.found).padEnd(4)}${counts(byInvariants)}`;
}

/** The invariant by its id; what is none is an assertion of the node itself. */
function broken(found: Found | null): string {
  if (found === null) return "-";
  return found.failure?.startsWith("I") ? found.failure : "node";
}

function outside({ fromOutside }: MatrixLine): string {
  return `${fromOutside.found === null ? "-" : "✓"}${counts(fromOutside)}`;
}

function counts({ seeds, virtualSeconds }: Sighting): string {
  return `${String(seeds).padStart(4)}${`${Math.round(virtualSeconds)} s`.padStart(8)}`;
}

function control({ control: { found, seeds, unknown } }: MatrixLine): string {
  if (found !== null) return `✗ ${found.seed}`;
  return unknown === 0 ? `✓ ${seeds}` : `? ${unknown}/${seeds}`;
}
