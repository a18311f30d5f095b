import type { MatrixLine } from "../../controller/batch/mutants/line.ts";
import type { Found } from "../../controller/batch/mutants/search.ts";
import { aborted } from "../../controller/run/aborted.ts";
import { messageOf } from "../../errors/errors.ts";
import type { StatusLine } from "../status-line.ts";
import type { Runner } from "./runner.ts";

/** Where the reports of runs are that had something to show. */
export type Reports = ReadonlyMap<Found, string | null>;

/**
 * Has the runs that caught a mutant, or accused the correct store, carried out with their reports. None further once the
 * signal aborts; one that cannot be had is told of, and loses nothing else.
 */
export async function reportsOf(
  lines: readonly MatrixLine[],
  { runner, signal, status }: { runner: Runner; signal: AbortSignal; status: Pick<StatusLine, "say" | "update"> },
): Promise<Reports> {
  const reports = new Map<Found, string | null>();
  if (signal.aborted) return reports;
  const wanted = lines.flatMap((line) => sightings(line).map((found) => ({ id: line.id, found })));
  const all = wanted.map(async ({ id, found }) => {
    const noReport = (cause: unknown) => {
      status.say(`no report for ${id}, seed ${found.seed}: ${messageOf(cause)}`);
      return null;
    };
    reports.set(found, await runner.report(found.options).catch(noReport));
    status.update(() => `${reports.size} of ${wanted.length} reports`);
  });
  await Promise.race([Promise.all(all), aborted(signal)]);
  return reports;
}

/** The runs of a line that had something to show. */
function sightings({ byInvariants, fromOutside, control }: MatrixLine): Found[] {
  return [byInvariants?.found, fromOutside.found, control.found].filter((found) => found != null);
}
