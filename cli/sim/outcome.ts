import { createHash } from "node:crypto";
import type { CampaignResult, SeedDone, SeedRange } from "../../controller/campaign/campaign.ts";
import { makePlan } from "../../controller/plan.ts";
import { commandLine } from "../../controller/test-record.ts";
import { marks, type Outcome } from "../outcome.ts";
import type { ShrunkOutcome } from "./shrink-and-report.ts";

/** What a campaign came to, with the first failing run kept whole. */
export interface CampaignOutcome {
  readonly seeds: SeedRange;
  readonly result: CampaignResult;
  readonly first: Outcome | null;
  readonly shrunk: ShrunkOutcome | null;
  readonly seconds: number;
}

/** Ends a campaign's output: for people in lines, for programs as one JSON object. */
export function printCampaign(outcome: CampaignOutcome, json: boolean, output: NodeJS.WritableStream): void {
  output.write(json ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
}

function forPrograms({ seeds, result, first, shrunk, seconds }: CampaignOutcome) {
  const tell = ({ seed, options, trial }: SeedDone) => ({ seed, ...trial, command: commandOf(options) });
  return {
    verdict: result.verdict,
    seeds: { ...seeds, done: result.done },
    failures: result.failures.map(tell),
    undecided: result.undecided.map(tell),
    operations: result.operations,
    virtualSeconds: Math.round(result.virtualMs / 1000),
    digest: digestOf(result),
    run: first?.folder ?? null,
    report: first?.report ?? null,
    shrunk:
      shrunk === null ? null : { ...shrunk.size, runs: shrunk.runs, run: shrunk.folder, schedule: shrunk.schedule },
    seconds: Math.round(seconds * 10) / 10,
  };
}

const shownFailures = 10;

function forPeople({ seeds, result, first, shrunk, seconds }: CampaignOutcome): string {
  const { done, failures, undecided, operations, virtualMs, verdict } = result;
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
    "",
    `${marks[verdict]} ${verdict.toUpperCase()}: ${failures.length} of ${done} runs failed, ${undecided.length} decided nothing`,
    "",
    `  seeds       ${seeds.first}..${seeds.last}${done < wanted ? `, ${done} of them` : ""}`,
    `  operations  ${operations}`,
    `  virtual     ${virtualSeconds} s in ${Math.round(seconds)} s`,
    `  digest      ${digestOf(result)}`,
    ...(first === null ? [] : [`  run         ${first.folder}`, `  report      ${first.report}`]),
    ...(shrunk === null ? [] : shrunk.lines),
  ];
  return `${lines.join("\n")}\n`;
}

function commandOf(options: SeedDone["options"]): string {
  return commandLine(makePlan(options, 0));
}

/** One for all histories: equal on every machine for the same seeds, options and version. */
function digestOf({ digests }: CampaignResult): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex").slice(0, 16);
}
