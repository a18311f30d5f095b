import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type ComparedRun, type Comparison, comparisonSchema, measuresOf } from "../../analysis/comparison.ts";
import { parseAxis } from "../../controller/batch/compare/axis.ts";
import { cellsOf } from "../../controller/batch/compare/cells.ts";
import { type DueRun, dueRuns } from "../../controller/batch/compare/compare.ts";
import { optionWords, shellWord } from "../../controller/plan/repeat.ts";
import { stages } from "../../controller/run/progress.ts";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { dashed } from "../../errors/option-names.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { replaceFile } from "../../history/replace-file.ts";
import { type CompareDigest, type ComparisonMaterial, digestComparison } from "../../reports/compare/digest/compare.ts";
import { writePage } from "../../reports/page.ts";
import { reports } from "../../reports/registry.ts";
import { createFolder } from "../../store/run-folder.ts";
import { wallClock } from "../../time/clock.ts";
import { comparisonMarkdown, comparisonTable } from "../compare/table.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible } from "../interrupt.ts";
import { marks } from "../outcome.ts";
import { runAndReport } from "../run-and-report.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import { drawSeed, readTestOptions, type TestFlags } from "../test-options.ts";

interface CompareFlags extends TestFlags {
  readonly axis?: readonly string[];
  readonly repeat?: number;
  readonly continue?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const usualRepetitions = 3;
const recordFile = "compare.json";
const interruptionSays = {
  first: "healing and stopping everything; --continue completes the comparison later",
  second: "healing and stopping everything",
};

/** `keelhaul compare`: the same test with each combination of some options' values, and one page on them all. */
export async function runCompare(flags: CompareFlags): Promise<void> {
  const { folder, comparison } =
    flags.continue === undefined ? await begin(flags) : await resume(flags.continue, flags);
  const { runs, interrupted } = await carryOut(folder, comparison, flags.quiet === true || flags.json === true);
  const material = { ...comparison, runs, interrupted, command: commandOf(comparison) };
  const digest = digestComparison(material);
  const report = writeResults(folder, material, digest);
  process.exitCode = exitCodes[digest.verdict];
  process.stdout.write(flags.json ? forPrograms(digest, folder, report) : forPeople(digest, folder, report));
}

async function begin({
  axis = [],
  repeat,
  ...flags
}: CompareFlags): Promise<{ folder: string; comparison: Comparison }> {
  if (axis.length === 0) {
    throw new UsageError("--axis: is missing; expected an option and its values, such as --axis read-mode=local,lease");
  }
  const axes = axis.map(parseAxis);
  const twice = axes.find(
    ({ option }) => option in flags || axes.filter((other) => other.option === option).length > 1,
  );
  if (twice !== undefined) {
    throw new UsageError(`--axis ${dashed(twice.option)}: the option is given twice; omit one of the two`);
  }
  const { plan, options } = await readTestOptions(flags, drawSeed());
  const comparison = { axes, options, repetitions: repeat ?? usualRepetitions, seed: plan.seed, runs: [] };
  cellsOf(comparison);
  return { folder: await createFolder(plan.store, "compare", new Date()), comparison };
}

async function resume(
  folder: string,
  { axis, repeat }: CompareFlags,
): Promise<{ folder: string; comparison: Comparison }> {
  if (axis !== undefined || repeat !== undefined) {
    throw new UsageError("--continue: the comparison has its own axes and repetitions; omit --axis and --repeat");
  }
  const file = join(folder, recordFile);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(
      `--continue: ${messageOf(error)}; expected the folder of a comparison, such as store/compare/20260102T030405Z`,
    );
  });
  return { folder, comparison: readComparison(text, file) };
}

function readComparison(text: string, file: string): Comparison {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}; expected what keelhaul compare wrote`);
  }
  const parsed = parseWith(comparisonSchema, value);
  if (parsed.objection === undefined) return parsed.data;
  const { path, problem } = parsed.objection;
  throw new UsageError(`${file}: ${path.map(String).join(".")}: ${problem}`);
}

/** Every run that is due, one after another; the record is written anew after each. */
async function carryOut(
  folder: string,
  comparison: Comparison,
  quiet: boolean,
): Promise<{ runs: readonly ComparedRun[]; interrupted: boolean }> {
  const runs = [...comparison.runs];
  const keep = (): void =>
    replaceFile(join(folder, recordFile), `${JSON.stringify({ ...comparison, runs }, null, 2)}\n`);
  keep();
  const due = dueRuns(cellsOf(comparison), comparison.repetitions, runs);
  using status = statusLine(progressOutput(quiet), wallClock(), "q stops");
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
      runs.push(runOf(next, outcome, folder));
      keep();
      status.say(`${marks[outcome.results.verdict]} ${label}: ${outcome.results.summary}`);
    }
    return { runs, interrupted: false };
  });
}

function runOf(
  { cell, repetition, plan }: DueRun,
  outcome: Awaited<ReturnType<typeof runAndReport>>,
  folder: string,
): ComparedRun {
  const from = (path: string): string => relative(folder, path);
  return {
    ...{ values: [...cell.values], repetition, seed: plan.seed },
    folder: from(outcome.folder),
    report: outcome.report === null ? null : from(outcome.report),
    ...measuresOf(outcome.results),
  };
}

/** Leaves the page and its text beside the record. Returns the page's path; null where it could not be written. */
function writeResults(folder: string, material: ComparisonMaterial, digest: CompareDigest): string | null {
  const page = join(folder, "report.html");
  try {
    replaceFile(join(folder, "compare.md"), comparisonMarkdown(digest));
    writePage(page, reports.compare, material, { replaces: true });
    return page;
  } catch (error) {
    process.stderr.write(`warning: no report was written: ${messageOf(error)}\n`);
    return null;
  }
}

/** The command that makes the same comparison again. */
function commandOf(comparison: Comparison): string {
  const { axes, repetitions } = comparison;
  const compared = axes.map(({ option, values }) => {
    const separator = values.some((value) => value.includes(",")) ? ";" : ",";
    return `--axis ${shellWord(`${dashed(option)}=${values.join(separator)}`)}`;
  });
  const [first] = cellsOf(comparison);
  const shared = optionWords(first!.plan(0), [...axes.map(({ option }) => option), "name"]);
  return ["npx keelhaul compare", ...compared, ...shared, `--repeat ${repetitions}`].join(" ");
}

function forPrograms(digest: CompareDigest, folder: string, report: string | null): string {
  return `${JSON.stringify({ ...digest, folder, report })}\n`;
}

function forPeople(digest: CompareDigest, folder: string, report: string | null): string {
  const { verdict, rows, interrupted } = digest;
  const sentences = rows.map(({ values, sentence }) => `  ${values.join(", ")}: ${sentence}`);
  const safe = rows.filter((row) => row.verdict === "valid").length;
  const lines = [
    ...["", comparisonTable(digest), "", ...sentences, ""],
    `${marks[verdict]} ${safe} of ${rows.length} choices were never wrong${interrupted ? "; interrupted" : ""}`,
    "",
    `  comparison  ${folder}`,
    ...(report === null ? [] : [`  report      ${report}`]),
    ...(interrupted ? [`  go on       npx keelhaul compare --continue ${folder}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
