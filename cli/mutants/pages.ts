import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { caughtBy, type MatrixLine, outsideShare, verdictOn } from "../../controller/batch/mutants/line.ts";
import type { Found, Sighting } from "../../controller/batch/mutants/search.ts";
import type { MutantMatrix, MutantRow, Tried } from "../../reports/mutants/digest.ts";
import { writePage } from "../../reports/page.ts";
import { reports as kinds } from "../../reports/registry.ts";
import type { Reports } from "./evidence.ts";

export interface MatrixResult extends Omit<MutantMatrix, "rows" | "outside" | "verdict"> {
  readonly lines: readonly MatrixLine[];
  readonly reports: Reports;
}

/** Leaves `mutants.html` and `mutants.json` in the folder; the page's rows lead to the reports. Returns the page's path. */
export async function writePages(folder: string, { lines, reports, ...said }: MatrixResult): Promise<string> {
  const linkOf = (found: Found): string | null => {
    const report = reports.get(found) ?? null;
    return report === null ? null : relative(folder, report);
  };
  const matrix: MutantMatrix = {
    ...said,
    verdict: verdictOn(lines),
    outside: outsideShare(lines),
    rows: lines.map((line) => rowOf(line, linkOf)),
  };
  const file = join(folder, "mutants.html");
  await writeFile(join(folder, "mutants.json"), `${JSON.stringify(matrix, null, 2)}\n`);
  writePage(file, kinds.mutants, matrix, { replaces: true });
  return file;
}

function rowOf(line: MatrixLine, linkOf: (found: Found) => string | null): MutantRow {
  const { id, name, breaks, anomalies, missed, byInvariants, fromOutside, control } = line;
  const tried = ({ found, ...counts }: Sighting): Tried => {
    if (found === null) return { ...counts, found: null };
    const { seed, summary } = found;
    return { ...counts, found: { seed, summary, report: linkOf(found) } };
  };
  return {
    ...{ id, name, breaks, anomalies, missed },
    caughtBy: caughtBy(line),
    byInvariants: byInvariants && tried(byInvariants),
    fromOutside: tried(fromOutside),
    control: tried(control),
  };
}
