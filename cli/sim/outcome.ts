import { createHash } from "node:crypto";
import { verdictMarks } from "../../analysis/verdict.ts";
import type { CampaignResult, SeedDone, SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { commandLine } from "../../controller/plan/repeat.ts";
import { UsageError } from "../../errors/errors.ts";
import type { Outcome } from "../outcome.ts";
import { visible, visibleLine } from "../visible.ts";
import type { ShrunkOutcome } from "./shrink-and-report.ts";

/** What a campaign came to, with the first failing run kept whole. */
export interface CampaignOutcome {
  readonly seeds: SeedRange;
  readonly result: CampaignResult;
  readonly first: Outcome | null;
  readonly shrunk: ShrunkOutcome | null;
  /** Why the first failing run could not be kept, or not be made smaller. */
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** Ends a campaign's output: for people in lines, for programs as one JSON object. */
export function printCampaign(outcome: CampaignOutcome, json: boolean, output: NodeJS.WritableStream): void {
  output.write(json ? `${visible(JSON.stringify(forPrograms(outcome)))}\n` : forPeople(outcome));
}

function forPrograms({ seeds, result, first, shrunk, warnings, seconds }: CampaignOutcome) {
  const tell = ({ seed, options, trial }: SeedDone) => ({ seed, ...trial, command: commandIfAny(options) });
  return {
    verdict: result.verdict,
    seeds: { ...seeds, done: result.done },
    interrupted: result.interrupted,
    failures: result.failures.map(tell),
    undecided: result.undecided.map(tell),
    operations: result.operations,
    virtualSeconds: Math.round(result.virtualMs / 1000),
    digest: digestOf(result),
    run: first?.folder ?? null,
    report: first?.report ?? null,
    shrunk:
      shrunk === null ? null : { ...shrunk.size, runs: shrunk.runs, run: shrunk.folder, schedule: shrunk.schedule },
    warnings,
    seconds: Math.round(seconds * 10) / 10,
  };
}

const shownFailures = 10;

function forPeople({ seeds, result, first, shrunk, warnings, seconds }: CampaignOutcome): string {
  const { done, failures, undecided, operations, virtualMs, verdict, interrupted } = result;
  const virtualSeconds = Math.round(virtualMs / 1000);
  const wanted = seeds.last - seeds.first + 1;
  const lines = [
    "",
    ...failures
      .slice(0, shownFailures)
      .flatMap(({ seed, options, trial }) => [`  ✗ seed ${seed}: ${trial.summary}`, `    ${commandOf(options)}`]),
    ...(failures.length > shownFailures ? [`  ✗ and ${failures.length - shownFailures} others`] : []),
    ...undecided.slice(0, shownFailures).map(({ seed, trial }) => `  ? seed ${seed}: ${trial.summary}`),
    ...(undecided.length > shownFailures ? [`  ? and ${undecided.length - shownFailures} others`] : []),
    ...warnings.map((warning) => `  ! ${warning}`),
    "",
    `${verdictMarks[verdict]} ${verdict.toUpperCase()}: ${failures.length} of ${done} runs failed, ${undecided.length} inconclusive`,
    ...(interrupted ? [`  interrupted when ${done} of ${wanted} seeds were done`] : []),
    "",
    `  seeds       ${seeds.first}..${seeds.last}${done < wanted ? `, ${done} of them` : ""}`,
    `  operations  ${operations}`,
    `  virtual     ${virtualSeconds} s in ${Math.round(seconds)} s`,
    `  digest      ${digestOf(result)}`,
    ...(first === null ? [] : [`  run         ${first.folder}`]),
    ...(first?.report == null ? [] : [`  report      ${first.report}`]),
    ...(shrunk === null ? [] : shrunk.lines),
  ];
  return `${lines.map(visibleLine).join("\n")}\n`;
}

function commandOf(options: SeedDone["options"]): string {
  return commandLine(makePlan(options, 0));
}

/** None for options that are refused: they make no plan. */
function commandIfAny(options: SeedDone["options"]): string | null {
  try {
    return commandOf(options);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** One for all histories: equal on every machine for the same seeds, options and version. */
function digestOf({ digests }: CampaignResult): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex").slice(0, 16);
}
