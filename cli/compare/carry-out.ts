import { relative } from "node:path";
import { type ComparedRun, measuresOf } from "../../analysis/comparison.ts";
import { verdictMarks } from "../../analysis/verdict.ts";
import { cellsOf } from "../../controller/batch/compare/cells.ts";
import { type DueRun, dueRuns } from "../../controller/batch/compare/compare.ts";
import { stages } from "../../controller/run/progress.ts";
import { wallClock } from "../../time/clock.ts";
import { interruptible } from "../interrupt.ts";
import type { Outcome } from "../outcome.ts";
import { runAndReport } from "../run-and-report.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import { keepComparison, type RecordedComparison } from "./record.ts";

const interruptionSays = {
  first: "healing and stopping everything; --continue completes the comparison later",
  second: "healing and stopping everything",
};

/** Makes every run that is due, one after another, with the progress shown. Each is in the record as soon as it is over. */
export async function carryOut(
  { folder, comparison }: RecordedComparison,
  quiet: boolean,
): Promise<{ runs: readonly ComparedRun[]; interrupted: boolean }> {
  const runs = [...comparison.runs];
  const keep = (): void => keepComparison({ folder, comparison: { ...comparison, runs } });
  keep();
  const due = dueRuns(cellsOf(comparison), comparison.repetitions, runs);
  using status = statusLine(progressOutput(quiet), wallClock(), "q stops; --continue completes the comparison later");
  return await interruptible(interruptionSays, status.say, async ({ signal, hurry, interrupt }) => {
    using _keys = stopKeys(quiet, interrupt);
    for (const [at, next] of due.entries()) {
      const label = `${at + 1} of ${due.length}: ${next.cell.values.join(", ")}, seed ${next.plan.seed}`;
      let stage: string = stages.hosts;
      status.begin(() => `${label}: ${stage}`);
      const outcome = await runAndReport(next.plan, {
        ...{ signal, hurry, watched: false, startedAt: new Date() },
        tell: (progress) => {
          if (progress.type === "stage") stage = stages[progress.stage];
        },
      });
      if (signal.aborted) return { runs, interrupted: true };
      runs.push(recordOf(next, outcome, folder));
      keep();
      status.say(`${verdictMarks[outcome.results.verdict]} ${label}: ${outcome.results.summary}`);
    }
    return { runs, interrupted: false };
  });
}

function recordOf({ cell, repetition, plan }: DueRun, outcome: Outcome, folder: string): ComparedRun {
  const from = (path: string): string => relative(folder, path);
  return {
    ...{ values: [...cell.values], repetition, seed: plan.seed },
    folder: from(outcome.folder),
    report: outcome.report === null ? null : from(outcome.report),
    ...measuresOf(outcome.results),
  };
}
