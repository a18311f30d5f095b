import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { usualBudgetRuns } from "../../controller/batch/shrink/budget.ts";
import { exitCodesSection, jsonOption, quietOption } from "./common-options.ts";
import { countOption, mostRuns, mostThreads } from "./count-option.ts";
import { type HelpSection, withHelp } from "./help.ts";
import { addCampaignOptions } from "./plan-options.ts";
import { parseSeeds } from "./seeds-option.ts";

const usualSeeds = "1..100";

export function simCommand(): Command {
  const command = new Command("sim")
    .description("Run many simulated tests, one per seed; the seed chooses every option that is not given")
    .addOption(
      new Option("--seeds <range>", "one seed, or a range such as 1..1000")
        .argParser(parseSeeds)
        .default(parseSeeds(usualSeeds), usualSeeds),
    )
    .option(
      "--threads <count>",
      "runs at the same time (default: one per core)",
      countOption("--threads", 1, mostThreads),
    )
    .option("--fail-fast", "start no more runs after the first failure")
    .option("--untailored", "with --mutant, draw the options that the mutant would otherwise choose")
    .option(
      "--shrink-runs <count>",
      "most virtual time for shrinking the first failure, as a multiple of its own; 0 keeps it as it is",
      countOption("--shrink-runs", 0, mostRuns),
      usualBudgetRuns,
    )
    .optionsGroup("Fixed for every seed:");
  addCampaignOptions(command)
    .optionsGroup("Output:")
    .option("--store <folder>", "the folder that keeps the first failing run (default: store)")
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async ({ threads = availableParallelism(), ...flags }) => {
      const { runSimCommand } = await import("../commands/sim.ts");
      await runSimCommand({ ...flags, threads });
    });
  return withHelp(command, [examples, exitCodesSection]);
}

const examples: HelpSection = {
  title: "Examples:",
  below: true,
  items: [
    ["keelhaul sim --seeds 1..1000", "a thousand different runs"],
    ["keelhaul sim --nodes 5 --nemesis partition --rate 50", "a hundred runs that have these in common"],
    ["keelhaul sim --read-mode local --fail-fast", "find a stale read, and shrink the run that has it"],
  ],
};
