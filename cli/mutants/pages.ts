import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { caughtBy, type MatrixLine, type Sighting } from "../../controller/mutants/matrix.ts";
import { type MutantRow, type MutantsPage, renderMutants } from "../../reports/mutants.ts";

/** A run that caught a mutant, with its page. */
export interface Evidence {
  readonly summary: string;
  readonly seed: number;
  readonly report: string | null;
}

export interface MatrixResult extends Omit<MutantsPage, "rows"> {
  readonly lines: readonly MatrixLine[];
  /** By mutant. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
}

/** Leaves `mutants.html` and `mutants.json` in the folder; the page's rows lead to the reports. Returns the page's path. */
export async function writePages(folder: string, result: MatrixResult): Promise<string> {
  const { lines, evidence, ...page } = result;
  const report = join(folder, "mutants.html");
  const rows = lines.map((line) => rowOf(line, evidence.get(line.id) ?? [], folder));
  await writeFile(join(folder, "mutants.json"), `${JSON.stringify({ ...page, rows }, null, 2)}\n`);
  await writeFile(report, renderMutants({ ...page, rows }));
  return report;
}

/** Runs that caught the mutant: by the invariants, and by what clients saw. */
export function sightings({ byInvariants, byClients }: MatrixLine): NonNullable<Sighting["found"]>[] {
  return [byInvariants?.found, byClients.found].filter((found) => found != null);
}

function rowOf(line: MatrixLine, evidence: readonly Evidence[], folder: string): MutantRow {
  const { id, name, breaks, byInvariants, byClients, control } = line;
  const { invalid, unknown } = control;
  return {
    ...{ id, name, breaks, caughtBy: caughtBy(line) },
    caught: evidence.map(({ report, ...seen }) => ({
      ...seen,
      report: report === null ? null : relative(folder, report),
    })),
    runs: (byInvariants?.runs ?? 0) + byClients.runs,
    seconds: (byInvariants?.seconds ?? 0) + byClients.seconds,
    control: {
      verdict: invalid !== null ? "invalid" : unknown > 0 ? "unknown" : "valid",
      runs: control.runs,
      summary:
        invalid === null ? (unknown > 0 ? `${unknown} unknown` : "") : `seed ${invalid.seed}: ${invalid.summary}`,
    },
  };
}
