import { join } from "node:path";
import { plural } from "../../analysis/words.ts";
import { sizeOf } from "../../controller/batch/shrink/reductions.ts";
import { optionsOf, type SearchOptions } from "../../controller/batch/shrink/search.ts";
import { shrink } from "../../controller/batch/shrink/shrink.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import type { ScheduleFile } from "../../controller/plan/schedule/file.ts";
import { runFiles } from "../../history/test-record.ts";
import { usualKnobs } from "../../sut/system.ts";
import { runQuietly } from "../run-and-report.ts";

export interface ShrunkOutcome {
  readonly folder: string;
  /** The file that replays it. */
  readonly schedule: string;
  readonly size: ReturnType<typeof sizeOf>;
  readonly runs: number;
  /** For people: what is left, and how to see it again. */
  readonly lines: readonly string[];
}

export interface ShrinkAndReport extends Omit<SearchOptions, "tell"> {
  /** Where the smallest run gets its folder. */
  readonly store: string;
  readonly say: (line: string) => void;
}

/**
 * Reduces a failing simulated run, and carries the smallest one out in a folder of its own, with its report. Null when
 * nothing smaller fails.
 */
export async function shrinkAndReport(
  from: ScheduleFile,
  failure: string,
  { store, say, ...search }: ShrinkAndReport,
): Promise<ShrunkOutcome | null> {
  const before = sizeOf(from);
  say(`shrinking a run that fails by ${failure}: ${inWords(before)}`);
  const { system } = makePlan(optionsOf(from), 0);
  const knobDefaults = usualKnobs(system);
  const tell = (smaller: ScheduleFile, runs: number) => say(`  after ${runs} runs: ${inWords(sizeOf(smaller))}`);
  const shrunk = await shrink(from, failure, { ...search, knobDefaults, tell });
  if (shrunk.trial === null || search.signal.aborted) return null;
  const name = `${String(from.options["name"])}-shrunk`;
  const plan = makePlan({ ...optionsOf(shrunk.case), name, store }, 0);
  const { folder, report } = await runQuietly(plan, search);
  const schedule = join(folder, runFiles.schedule);
  const size = sizeOf(shrunk.case);
  const lines = [
    "",
    `  shrunk      ${inWords(before)}`,
    `  to          ${inWords(size)}, in ${shrunk.runs} runs: ${shrunk.trial.summary}`,
    ...(report === null ? [] : [`  report      ${report}`]),
    `  again       npx keelhaul test --schedule ${schedule}`,
  ];
  return { folder, schedule, size, runs: shrunk.runs, lines };
}

function inWords({ faults, nodes, clients, seconds, rate }: ReturnType<typeof sizeOf>): string {
  return `${plural(faults, "fault")}, ${plural(nodes, "node")}, ${plural(clients, "client")}, ${seconds} s, ${plural(rate, "operation")} a second`;
}
