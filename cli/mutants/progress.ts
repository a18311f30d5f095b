import { caughtBy, type MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { MatrixProgress } from "../../controller/batch/mutants/matrix.ts";

/** What is worth a line of its own while a matrix goes on: what will make it fail. */
export function newsOf(lines: readonly MatrixLine[]): readonly string[] {
  return lines.flatMap((line) => {
    const { id, name, control } = line;
    const accused = `✗ the correct store under the configuration of ${id}, seed ${control.found?.seed}: ${control.found?.summary}`;
    return [
      ...(caughtBy(line) === "no" ? [`✗ ${id} ${name} was not caught`] : []),
      ...(control.found === null ? [] : [accused]),
    ];
  });
}

/** How far a matrix is, in a line. */
export function progressLine({ mutants, complete, caught, runs, virtualMs }: MatrixProgress): string {
  return `${caught} of ${mutants} mutants caught, all known of ${complete}; ${runs} runs, ${Math.round(virtualMs / 1000)} virtual seconds`;
}
