import { verdictMarks } from "../../analysis/verdict.ts";
import { grouped, plural } from "../../analysis/words.ts";
import type { CampaignOutcome } from "../sim/outcome.ts";
import { visible, visibleLine } from "../visible.ts";

/** What a search for a simulated run with a given failure came to. */
export interface Reproduction extends CampaignOutcome {
  /** The failure that was looked for: an invariant, or a checker. */
  readonly failure: string;
  /** Faults of the stored run that cannot be simulated. */
  readonly leftOut: readonly string[];
  readonly timeLimitMs: number;
}

/** Ends the command's output: for people in lines, for programs as one JSON object. */
export function printReproduction(
  outcome: Reproduction,
  json: boolean,
  output: { write(text: string): unknown },
): void {
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
}

function forPrograms(outcome: Reproduction) {
  const { failure, result, seeds, first, shrunk, leftOut, warnings, seconds } = outcome;
  return {
    reproduced: result.failures.length > 0,
    failure,
    seed: result.failures[0]?.seed ?? null,
    seeds: { ...seeds, done: result.done },
    interrupted: result.interrupted,
    otherFailures: otherFailures(outcome),
    leftOut,
    run: first?.folder ?? null,
    report: first?.report ?? null,
    shrunk: shrunk === null ? null : { ...shrunk.size, run: shrunk.folder, schedule: shrunk.schedule },
    warnings,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function forPeople(outcome: Reproduction): string {
  const { failure, result, first, shrunk, leftOut, warnings, timeLimitMs } = outcome;
  const [failing] = result.failures;
  const others = otherFailures(outcome);
  const ofThose = others === 0 ? "" : `; ${plural(others, "other run")} failed in another way`;
  const lines = [
    "",
    ...(leftOut.length === 0 ? [] : [`  ! without ${leftOut.join(", ")}, which cannot be simulated`]),
    ...warnings.map((warning) => `  ! ${warning}`),
    failing === undefined
      ? `${verdictMarks.unknown} NOT REPRODUCED: no run of ${grouped(result.done)}, of ${timeLimitMs / 1000} s each, failed by ${failure}${ofThose}${result.interrupted ? "; interrupted" : ""}`
      : `${verdictMarks.invalid} REPRODUCED by seed ${failing.seed}: ${failing.trial.summary}`,
    ...(first === null ? [] : ["", `  run         ${first.folder}`]),
    ...(first?.report == null ? [] : [`  report      ${first.report}`]),
    ...(shrunk === null ? [] : shrunk.lines),
  ];
  return `${lines.map(visibleLine).join("\n")}\n`;
}

function otherFailures({ result }: Reproduction): number {
  return result.undecided.filter(({ trial }) => trial.failure !== null).length;
}
