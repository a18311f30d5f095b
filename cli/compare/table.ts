import type { CompareDigest, ComparedRow } from "../../reports/compare/digest/compare.ts";
import { nameOf, shownMs, shownShare } from "../../reports/compare/digest/sentence.ts";

const heads = ["", "read p50", "read p99", "prompt", "read p99", "recovery", "stale", "verdict"] as const;
const above = ["", "healthy", "", "faults", "", "", "", ""] as const;

/** The comparison in 80 columns, a choice a line, as long as the choices have short names. */
export function comparisonTable({ axes, rows }: Pick<CompareDigest, "axes" | "rows">): readonly string[] {
  const lines = [above, [axes.join(", "), ...heads.slice(1)], ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  return lines.map((cells) => `  ${cells.map((cell, at) => padded(cell, at, widths[at]!)).join("  ")}`.trimEnd());
}

/** The same for issue trackers, with the sentences below. */
export function comparisonMarkdown({ axes, rows, command }: Pick<CompareDigest, "axes" | "rows" | "command">): string {
  const titles = [axes.join(", "), "read p50, healthy", "read p99, healthy", "prompt, faults", "read p99, faults"];
  const lines = [[...titles, ...heads.slice(5)], heads.map(() => "---"), ...rows.map(cellsOf)];
  const table = lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  const sentences = rows.map((row) => `- **${nameOf(row)}**: ${row.sentence}`);
  return `${[...table, "", ...sentences, "", `    ${command}`].join("\n")}\n`;
}

function cellsOf(row: ComparedRow): readonly string[] {
  const { healthy, faulty, recoveryMs, staleReads, verdicts, runs } = row;
  return [
    nameOf(row),
    ...[shownMs(healthy.readMs.p50), shownMs(healthy.readMs.p99)],
    ...[shownShare(faulty.promptShare), shownMs(faulty.readMs.p99), shownMs(recoveryMs)],
    staleReads === null ? "-" : String(staleReads.count),
    verdictOf(verdicts, runs.length),
  ];
}

function verdictOf({ invalid, unknown, valid }: ComparedRow["verdicts"], runs: number): string {
  if (valid === runs) return "✓ valid";
  return invalid > 0 ? `✗ ${invalid} of ${runs}` : `? ${unknown} of ${runs}`;
}

/** Names to the left, figures to the right. */
function padded(cell: string, column: number, width: number): string {
  return column === 0 || column === heads.length - 1 ? cell.padEnd(width) : cell.padStart(width);
}
