import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { modelNames } from "../../analysis/transactions/models.ts";
import { usualBudgetRuns } from "../../controller/batch/shrink/search.ts";
import { failureOf } from "../../controller/batch/trials/failure.ts";
import { TrialPool } from "../../controller/batch/trials/pool.ts";
import type { TrialOptions } from "../../controller/batch/trials/trial.ts";
import { makePlan } from "../../controller/plan/plan.ts";
import { namesOf } from "../../controller/plan/plan-options.ts";
import { readScheduleFile } from "../../controller/plan/schedule/file.ts";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { runFiles } from "../../history/test-record.ts";
import { backends } from "../../hosts/registry.ts";
import { sim } from "../../hosts/sim/backend.ts";
import { faults } from "../../nemesis/registry.ts";
import { systems } from "../../sut/registry.ts";
import { workloads } from "../../workloads/registry.ts";
import { choosePresenter } from "../choose-presenter.ts";
import { exitCodes } from "../exit-codes.ts";
import { interruptible } from "../interrupt.ts";
import { knobOption } from "../knob-option.ts";
import { type Outcome, printOutcome } from "../outcome.ts";
import { runAndReport } from "../run-and-report.ts";
import { shrinkAndReport } from "../sim/shrink-and-report.ts";
import { parseWorld } from "../world-option.ts";

interface TestFlags {
  readonly config?: string;
  readonly schedule?: string;
  readonly shrink?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly set?: Record<string, string>;
  readonly [option: string]: unknown;
}

/** `keelhaul test`: one run, judged and reported. */
export function testCommand(): Command {
  return new Command("test")
    .description("run a cluster, break it, and judge what its clients saw")
    .option(
      "--backend <name>",
      `where nodes run: ${namesOf(backends)} (default: local, or in-process for a store that needs no machines)`,
    )
    .option("--system <name>", `the store under test: ${namesOf(systems)} (default raft)`)
    .option("--nodes <count>", "how many nodes (default 5)")
    .option("--workload <name>", `what clients do: ${namesOf(workloads)} (default register)`)
    .option(
      "--nemesis <faults>",
      `${namesOf(faults)} by comma, each with or without :variant; all; none (default none)`,
    )
    .option("--read-mode <mode>", `how the store reads: ${readModes()} (default read-index)`)
    .option("--mutant <id>", "a rule of the store to break, such as M24, in the configuration where that shows")
    .option("--world <json>", "what the simulated network, disks and clocks are like; the rest is drawn", parseWorld)
    .option("--schedule <file>", "faults at given times instead of drawn ones, such as a run's schedule.json")
    .option("--time-limit <duration>", "how long clients keep going, such as 30s or 5m (default 60s)")
    .option("--rate <per second>", "operations a second, 0 for as fast as possible (default 200)")
    .option("--concurrency <clients>", "clients, as a number or a multiple of the nodes such as 2n (default 4n)")
    .option("--seed <number>", "reproduces the schedule and the operations offered (default: drawn, and printed)")
    .addOption(knobOption())
    .option("--min-answered <share>", "outside of faults, the least share of operations to be answered, such as 0.95")
    .option("--max-recovery <duration>", "how soon after a healing a write has to go through, such as 3s")
    .option("--min-changes-made <share>", "outside of faults, the least share of changes to be made, such as 0.95")
    .option("--max-elections <per fault>", "how many elections a fault may cost, such as 0.5; the first one is free")
    .option(
      "--consistency <model>",
      `what transactions have to be: ${modelNames.join(", ")} (default strict-serializable)`,
    )
    .option("--no-invariants", "judge what shows outside alone, and nothing inside of the store")
    .addOption(new Option("--invariants").hideHelp())
    .option("--shrink", "make a failing simulated run smaller, and carry the smallest one out too")
    .option("--fail-fast", "stop at the first violation: heal, stop the nodes, and report")
    .option("--store <folder>", "where run folders go (default store)")
    .option("--name <name>", "the run's folder in the store (default: the workload's name)")
    .option("--config <file>", "a YAML file with any of these options; the command line wins")
    .option("--json", "print one JSON object as the last line on stdout")
    .option("--quiet", "no progress")
    .addHelpText("after", describeFaults())
    .action(runTestCommand);
}

async function runTestCommand(flags: TestFlags): Promise<void> {
  const { config, schedule, shrink, json, quiet, ...options } = flags;
  const files = [
    ...(config === undefined ? [] : [await readConfig(config)]),
    ...(schedule === undefined ? [] : [await readSchedule(schedule)]),
  ];
  const set = Object.assign({}, ...files.map((file) => file.set), flags.set);
  const plan = makePlan({ ...Object.assign({}, ...files), ...options, set }, drawSeed());
  if (shrink && plan.backend.kind !== "simulated")
    throw new UsageError(`--shrink: ${plan.backend.name} is no ${sim.name}`);
  const presenter = choosePresenter({ json: json === true, quiet: quiet === true }, process.stderr);
  try {
    const interrupted = (name: string) =>
      presenter.tell({
        type: "warning",
        warning: `${name}: healing, stopping everything, and judging what there is`,
      });
    const outcome = await interruptible(interrupted, (signal) =>
      runAndReport(plan, { signal, tell: presenter.tell, watched: presenter.watched, startedAt: new Date() }),
    );
    await presenter.close();
    printOutcome(outcome, json === true, process.stdout);
    process.exitCode = exitCodes[outcome.results.verdict];
    if (shrink) await shrinkOutcome(outcome, plan.store);
  } finally {
    await presenter.close();
  }
}

/** Tells on stderr how far it is, and what came of it: stdout ends with the outcome. */
async function shrinkOutcome({ results, folder }: Outcome, store: string): Promise<void> {
  const failure = failureOf(results);
  if (failure === null) return;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const threads = availableParallelism();
  const pool = new TrialPool(threads);
  const run = (options: TrialOptions) => pool.run(options);
  try {
    const from = await readScheduleFile(join(folder, runFiles.schedule));
    const shrunk = await interruptible(
      (name) => say(`${name}: stopping`),
      (signal) => shrinkAndReport(from, failure, { run, threads, budgetRuns: usualBudgetRuns, signal, store, say }),
    );
    for (const line of shrunk?.lines ?? ["no smaller run was found that fails in this way"]) say(line);
  } finally {
    await pool.close();
  }
}

/** Options from a file; the command line wins. */
type FileOptions = Record<string, unknown> & { set?: Record<string, unknown> };

async function readSchedule(file: string): Promise<FileOptions> {
  const { options, faults } = await readScheduleFile(file);
  return { ...options, schedule: { faults, file } };
}

async function readConfig(file: string): Promise<FileOptions> {
  try {
    const content: unknown = parseYaml(await readFile(file, "utf8"));
    if (typeof content === "object" && content !== null && !Array.isArray(content)) return { ...content };
    throw new Error("expected options, one a line, such as `nodes: 5`");
  } catch (error) {
    throw new UsageError(`--config: ${file}: ${messageOf(error)}`);
  }
}

/** Small enough to type again. */
function drawSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}

function readModes(): string {
  return [...new Set(systems.flatMap((system) => system.readModes))].join(", ");
}

function describeFaults(): string {
  const lines = faults.flatMap((fault) => [
    `  ${fault.name.padEnd(12)} ${fault.description}`,
    ...fault.variants.map((variant) => `    :${variant.name.padEnd(9)} ${variant.description}`),
  ]);
  return `\nFaults:\n${lines.join("\n")}`;
}
